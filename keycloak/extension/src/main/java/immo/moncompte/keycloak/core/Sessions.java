package immo.moncompte.keycloak.core;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.SystemClientUtil;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.RootAuthenticationSessionModel;

/** Finds and ends sessions, in every application (specification, rule 12). */
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

  // ---- the session of this browser (specification, rule 14)

  /** Finds the session of this browser. */
  public static Optional<UserSessionModel> ofBrowser(KeycloakSession session, RealmModel realm) {
    return Optional.ofNullable(
            AuthenticationManager.authenticateIdentityCookie(session, realm, true))
        .map(AuthenticationManager.AuthResult::session);
  }

  /** Gives the browser the cookie of its session again, if it still has one. */
  public static void keepOfBrowser(KeycloakSession session, RealmModel realm) {
    KeycloakContext context = session.getContext();
    ofBrowser(session, realm)
        .ifPresent(
            found ->
                AuthenticationManager.createLoginCookie(
                    session,
                    realm,
                    found.getUser(),
                    found,
                    context.getUri(),
                    context.getConnection()));
  }

  /** Ends the session of this browser in every application; it may be another owner's. */
  public static void endOfBrowser(
      KeycloakSession session, RealmModel realm, UserSessionModel other) {
    KeycloakContext context = session.getContext();
    AuthenticationSessionModel here = context.getAuthenticationSession();
    // Keycloak's logout removes the root session of the context, and the sign-in that is under way.
    // So it gets another root session to remove.
    RootAuthenticationSessionModel apart =
        session.authenticationSessions().createRootAuthenticationSession(realm);
    context.setAuthenticationSession(
        apart.createAuthenticationSession(
            context.getClient() == null
                ? SystemClientUtil.getSystemClient(realm)
                : context.getClient()));
    AuthenticationManager.backchannelLogout(session, other, true);
    session.authenticationSessions().removeRootAuthenticationSession(realm, apart);
    context.setAuthenticationSession(here);
    AuthenticationManager.expireIdentityCookie(session);
  }
}
