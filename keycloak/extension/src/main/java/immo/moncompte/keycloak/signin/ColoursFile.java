package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The colours of an agency or a brand as a style sheet, at {@code
 * /realms/{realm}/moncompte/colours/{name}.css}: our Content-Security-Policy allows no style within
 * a page.
 *
 * <p>The name is the six colours, and the file is made of nothing else: it sets tokens of the
 * theme's style sheet. A page asks for it with the theme's own file name behind it, so that other
 * colours and another theme are another address each.
 */
public final class ColoursFile {

  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final Pattern NAME =
      Pattern.compile(
          "([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})-([0-9a-f]{6})");
  private static final String MODE = ":root{--title:#%s;--action:#%s;--action-hover:#%s}";

  ColoursFile() {}

  /**
   * The style sheet.
   *
   * @param name of titles, of buttons and of the button below the pointer, in the light mode and
   *     then in the dark one, each six hexadecimal digits
   */
  @GET
  @Path("{name}.css")
  public Response file(@PathParam("name") String name) {
    Matcher colours = NAME.matcher(name);
    if (!colours.matches()) {
      return Response.status(Response.Status.NOT_FOUND)
          .type(MediaType.TEXT_PLAIN_TYPE)
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .entity("")
          .build();
    }
    return Response.ok(sheet(colours), "text/css;charset=utf-8")
        .header(HttpHeaders.CACHE_CONTROL, FOR_EVER)
        .build();
  }

  private static String sheet(Matcher colours) {
    String light = MODE.formatted(colours.group(1), colours.group(2), colours.group(3));
    String dark = MODE.formatted(colours.group(4), colours.group(5), colours.group(6));
    return light + "@media (prefers-color-scheme:dark){" + dark + "}";
  }
}
