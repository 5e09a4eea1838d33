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
 * Ends an application's sessions of an owner who loses the last contract it is entitled to. A
 * refresh token would still give name and address (specification, rule 10).
 */
public final class EntitledSessions {

  private EntitledSessions() {}

  /** Ends these sessions, offline ones too. The owner stays signed in elsewhere. */
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
