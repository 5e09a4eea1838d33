package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.MailLink;
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

  /** Whether this browser is the one that asked for a link. */
  public static boolean isOf(KeycloakSession session, MailLink link) {
    return COOKIE.isOf(session, link);
  }
}
