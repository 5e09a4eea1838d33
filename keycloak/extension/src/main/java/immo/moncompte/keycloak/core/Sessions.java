package immo.moncompte.keycloak.core;

import java.util.List;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.RootAuthenticationSessionModel;

/** Ends sessions of an account in every application (specification, rule 12). */
public final class Sessions {

  private Sessions() {}

  /**
   * Ends all sessions of an account but one, offline ones too.
   *
   * @param keptId id of the session that stays, or null to end them all
   */
  public static void endOthers(
      KeycloakSession session, RealmModel realm, UserModel user, String keptId) {
    List<UserSessionModel> others =
        Stream.concat(
                session.sessions().getUserSessionsStream(realm, user),
                session.sessions().getOfflineUserSessionsStream(realm, user))
            .filter(userSession -> !userSession.getId().equals(keptId))
            .toList();
    others.forEach(other -> end(session, realm, other));
  }

  /** Ends a session, and the open forms of its browser, which have the same id. */
  private static void end(KeycloakSession session, RealmModel realm, UserSessionModel other) {
    AuthenticationManager.backchannelLogout(session, other, true);
    AuthenticationSessionModel here = session.getContext().getAuthenticationSession();
    RootAuthenticationSessionModel open =
        session.authenticationSessions().getRootAuthenticationSession(realm, other.getId());
    boolean elsewhere = here == null || !here.getParentSession().getId().equals(other.getId());
    if (open != null && elsewhere) {
      session.authenticationSessions().removeRootAuthenticationSession(realm, open);
    }
  }
}
