package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Logos;
import immo.moncompte.keycloak.account.Logos.Logo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;

/**
 * Files that pages load: logos and colours. A changed file has another name, so browsers may keep
 * one for ever.
 */
record PublicFiles(KeycloakSession session) {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final Pattern COLOURS =
      Pattern.compile(
          "([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})");
  private static final String MODE = ":root{--title:#%s;--action:#%s;--action-hover:#%s}";

  /** The logo of an agency or of the brand. Its headers keep a browser from running it. */
  Response logo(String name) {
    return new Logos(session, session.getContext().getRealm())
        .find(name)
        .map(PublicFiles::found)
        .orElseGet(PublicFiles::missing);
  }

  private static Response found(Logo logo) {
    return found(logo.content(), logo.type())
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .build();
  }

  /**
   * The colours of an agency or a brand as a style sheet. Our Content-Security-Policy allows no
   * style within a page.
   *
   * <p>The name is the colours, and the file contains nothing else. A page adds the file name of
   * the theme's style sheet to the address, so other colours or another theme have another address.
   *
   * @param name of titles, of buttons and of the button below the pointer, in the light mode and
   *     then in the dark one, each six hexadecimal digits
   */
  Response colours(String name) {
    Matcher colours = COLOURS.matcher(name);
    return colours.matches() ? found(sheet(colours), "text/css;charset=utf-8").build() : missing();
  }

  private static String sheet(Matcher colours) {
    String light = MODE.formatted(colours.group(1), colours.group(2), colours.group(3));
    String dark = MODE.formatted(colours.group(4), colours.group(5), colours.group(6));
    return light + "@media (prefers-color-scheme:dark){" + dark + "}";
  }

  private static Response.ResponseBuilder found(Object content, String type) {
    return Response.ok(content, type).header(HttpHeaders.CACHE_CONTROL, FOR_EVER);
  }

  private static Response missing() {
    return Response.status(Response.Status.NOT_FOUND)
        .type(MediaType.TEXT_PLAIN_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity("")
        .build();
  }
}
