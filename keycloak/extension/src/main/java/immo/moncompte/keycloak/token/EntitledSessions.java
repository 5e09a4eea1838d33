package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.List;
import java.util.stream.Stream;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;

/**
 * An application of some agencies loses its sessions of an owner with the owner's last contract
 * there: a refresh token would go on to give name and address (spec, rule 10).
 */
public final class EntitledSessions {

  private EntitledSessions() {}

  /** Ends them, offline ones too; the owner stays signed in elsewhere. */
  public static void endWhereNothingIsLeft(KeycloakSession session, OwnerAccount account) {
    RealmModel realm = session.getContext().getRealm();
    UserModel user = account.user();
    Stream<UserSessionModel> sessions =
        Stream.concat(
            session.sessions().getUserSessionsStream(realm, user),
            session.sessions().getOfflineUserSessionsStream(realm, user));
    List<AuthenticatedClientSessionModel> lost =
        sessions
            .flatMap(one -> one.getAuthenticatedClientSessions().values().stream())
            .filter(one -> !Entitlement.of(one.getClient()).coversSome(account))
            .toList();
    lost.forEach(AuthenticatedClientSessionModel::detachFromUserSession);
  }
}
