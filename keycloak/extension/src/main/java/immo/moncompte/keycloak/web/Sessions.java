package immo.moncompte.keycloak.web;

import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;

/** Ends the sessions of an account in every application: no door stays open (spec, rule 12). */
public final class Sessions {

  private Sessions() {}

  /**
   * Ends all sessions of an account but one.
   *
   * @param keptId id of the session that stays, or null to end them all
   */
  public static void endOthers(
      KeycloakSession session, RealmModel realm, UserModel user, String keptId) {
    List<UserSessionModel> others =
        session
            .sessions()
            .getUserSessionsStream(realm, user)
            .filter(userSession -> !userSession.getId().equals(keptId))
            .toList();
    others.forEach(other -> AuthenticationManager.backchannelLogout(session, other, true));
  }
}
