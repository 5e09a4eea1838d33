package immo.moncompte.keycloak.web;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * The session of whoever is signed in in this browser: a shared browser is no trap (spec, rule 14).
 */
public final class OtherSession {

  private OtherSession() {}

  /** Address of the owner signed in here, or null. */
  public static String emailOf(KeycloakSession session, RealmModel realm) {
    AuthenticationManager.AuthResult signedIn = signedIn(session, realm);
    return signedIn == null ? null : signedIn.user().getUsername();
  }

  /**
   * Ends the session of whoever is signed in here, in every application.
   *
   * @return whether there was one
   */
  public static boolean end(KeycloakSession session, RealmModel realm) {
    AuthenticationManager.AuthResult signedIn = signedIn(session, realm);
    if (signedIn == null) {
      return false;
    }
    AuthenticationManager.backchannelLogout(session, signedIn.session(), true);
    AuthenticationManager.expireIdentityCookie(session);
    return true;
  }

  private static AuthenticationManager.AuthResult signedIn(
      KeycloakSession session, RealmModel realm) {
    return AuthenticationManager.authenticateIdentityCookie(session, realm, true);
  }
}
