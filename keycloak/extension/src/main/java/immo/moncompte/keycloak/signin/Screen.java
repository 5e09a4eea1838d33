package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.core.MultivaluedMap;

/**
 * One screen of the sign-in: what it shows, what it needs first, and what it does with the answer.
 *
 * <p>The name of the screen stands in the address of the page, so that links, reload and the back
 * button work without JavaScript. What a screen needs is checked on the server each time, from what
 * the server itself has noted, never from what was posted.
 */
interface Screen {

  /** Name in the page's address. */
  String name();

  /** The screen to show instead, because something must come first; null when this one may show. */
  default String instead(SignIn signIn) {
    return null;
  }

  void show(SignIn signIn);

  void submit(SignIn signIn, MultivaluedMap<String, String> form);
}
