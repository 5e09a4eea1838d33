package immo.moncompte.keycloak.core;

import java.util.Optional;
import org.keycloak.cookie.CookieProvider;
import org.keycloak.cookie.CookieType;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.SystemClientUtil;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.sessions.RootAuthenticationSessionModel;

/** The session that exists in this browser, perhaps of another owner (specification, rule 14). */
public final class OtherSession {

  private OtherSession() {}

  /**
   * Finds the session of this browser by its identity cookie, or by the authentication session,
   * which has the same id. {@code prompt=create} expires the cookie and leaves the session.
   */
  public static Optional<UserSessionModel> find(KeycloakSession session, RealmModel realm) {
    AuthenticationManager.AuthResult signedIn =
        AuthenticationManager.authenticateIdentityCookie(session, realm, true);
    if (signedIn != null) {
      return Optional.of(signedIn.session());
    }
    if (!hasBeenHere(session)) {
      return Optional.empty();
    }
    return Optional.ofNullable(root(session, realm))
        .map(root -> session.sessions().getUserSession(realm, root.getId()))
        .filter(found -> found.getUser() != null)
        .filter(found -> AuthenticationManager.isSessionValid(realm, found));
  }

  /**
   * Whether the browser has a cookie of an earlier request. Without one, no session can have its
   * id.
   */
  private static boolean hasBeenHere(KeycloakSession session) {
    return session.getProvider(CookieProvider.class).get(CookieType.AUTH_SESSION_ID) != null;
  }

  private static RootAuthenticationSessionModel root(KeycloakSession session, RealmModel realm) {
    AuthenticationSessionModel here = session.getContext().getAuthenticationSession();
    return here != null
        ? here.getParentSession()
        : new AuthenticationSessionManager(session).getCurrentRootAuthenticationSession(realm);
  }

  /** Ends the session in every application. */
  public static void end(KeycloakSession session, RealmModel realm, UserSessionModel other) {
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
