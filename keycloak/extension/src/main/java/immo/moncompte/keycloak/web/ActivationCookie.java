package immo.moncompte.keycloak.web;

import immo.moncompte.keycloak.account.RealmSettings;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Marks the browser that asked for an activation, for as long as the link lives. */
public final class ActivationCookie {

  private static final String NAME = "MONCOMPTE_ACTIVATION";

  private ActivationCookie() {}

  public static void set(KeycloakSession session, RealmModel realm, String secret) {
    long lifetime = new RealmSettings(realm).verificationLinkLifetime().toSeconds();
    write(session, realm, secret, Math.toIntExact(lifetime));
  }

  public static void expire(KeycloakSession session, RealmModel realm) {
    write(session, realm, "", 0);
  }

  /** The secret of this browser, or null. */
  public static String read(KeycloakSession session) {
    Cookie cookie = session.getContext().getHttpRequest().getHttpHeaders().getCookies().get(NAME);
    return cookie == null ? null : cookie.getValue();
  }

  private static void write(KeycloakSession session, RealmModel realm, String value, int maxAge) {
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
        new NewCookie.Builder(NAME)
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
