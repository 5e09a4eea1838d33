package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.RealmSettings;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * A cookie of the realm, for instance that by which a link knows the browser that asked for it.
 *
 * @param name name of the cookie
 */
public record BrowserCookie(String name) {

  /** The browser that asked for an activation. */
  public static final BrowserCookie ACTIVATION = new BrowserCookie("MONCOMPTE_ACTIVATION");

  /** The browser that asked at S9, whatever for. */
  public static final BrowserCookie FORGOTTEN = new BrowserCookie("MONCOMPTE_FORGOTTEN");

  /** The browser that asked for a change of address. */
  public static final BrowserCookie ADDRESS = new BrowserCookie("MONCOMPTE_ADDRESS");

  /**
   * Marks this browser, and gives its secret. A browser that has one keeps it, so that the links
   * that it asked for before still know it.
   */
  public String mark(KeycloakSession session) {
    String known = read(session);
    String secret = LinkSecret.isOne(known) ? known : LinkSecret.generate();
    set(session, secret);
    return secret;
  }

  /** Remembers that this browser asked for a link. It lives as long as the link. */
  public void set(KeycloakSession session, String secret) {
    RealmModel realm = session.getContext().getRealm();
    long lifetime = RealmSettings.verificationLinkLifetime(realm).toSeconds();
    write(session, realm, secret, Math.toIntExact(lifetime));
  }

  /** Forgets that this browser asked for a link; it may have asked for another one since. */
  public void expire(KeycloakSession session, MailLink link) {
    if (isOf(session, link)) {
      write(session, session.getContext().getRealm(), "", 0);
    }
  }

  /** Whether this browser is the one that asked for a link. */
  public boolean isOf(KeycloakSession session, MailLink link) {
    return LinkSecret.matches(read(session), link.get(MailLink.BROWSER));
  }

  /** What the browser sent, or null. */
  String read(KeycloakSession session) {
    Cookie cookie = session.getContext().getHttpRequest().getHttpHeaders().getCookies().get(name);
    return cookie == null ? null : cookie.getValue();
  }

  void write(KeycloakSession session, RealmModel realm, String value, int maxAge) {
    String path =
        session
            .getContext()
            .getUri()
            .getBaseUriBuilder()
            .path("realms/{realm}/")
            .build(realm.getName())
            .getRawPath();
    // Browsers treat http://localhost as secure, as they do for Keycloak's own cookies.
    NewCookie cookie =
        new NewCookie.Builder(name)
            .value(value)
            .path(path)
            .maxAge(maxAge)
            .secure(true)
            .httpOnly(true)
            .sameSite(NewCookie.SameSite.LAX)
            .build();
    session.getContext().getHttpResponse().setCookieIfAbsent(cookie);
  }
}
