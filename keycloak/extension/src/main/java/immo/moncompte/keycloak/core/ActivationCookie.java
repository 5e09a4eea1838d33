package immo.moncompte.keycloak.core;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Marks the browser that asked for an activation, for as long as the link lives. */
public final class ActivationCookie {

  private static final BrowserCookie COOKIE = new BrowserCookie("MONCOMPTE_ACTIVATION");

  private ActivationCookie() {}

  public static void set(KeycloakSession session, RealmModel realm, String secret) {
    COOKIE.set(session, realm, secret);
  }

  public static void expire(KeycloakSession session, RealmModel realm) {
    COOKIE.expire(session, realm);
  }

  /** The secret of this browser, or null. */
  public static String read(KeycloakSession session) {
    return COOKIE.read(session);
  }
}
