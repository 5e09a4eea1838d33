package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The colours of an agency or a brand as a style sheet, at {@code
 * /realms/{realm}/moncompte/colours/{name}.css}. Our Content-Security-Policy allows no style within
 * a page.
 *
 * <p>The name is the six colours, and the file contains nothing else. A page adds the file name of
 * the theme's style sheet to the address, so other colours or another theme have another address.
 */
public final class ColoursFile {

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
    return colours.matches()
        ? PublicFile.found(sheet(colours), "text/css;charset=utf-8").build()
        : PublicFile.missing();
  }

  private static String sheet(Matcher colours) {
    String light = MODE.formatted(colours.group(1), colours.group(2), colours.group(3));
    String dark = MODE.formatted(colours.group(4), colours.group(5), colours.group(6));
    return light + "@media (prefers-color-scheme:dark){" + dark + "}";
  }
}
