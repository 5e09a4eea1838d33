package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.MultivaluedMap;

/**
 * One screen of the sign-in: what it shows, what it needs first, and what it does with the answer.
 *
 * <p>The name of the screen stands in the address of the page, so that links, reload and the back
 * button work without JavaScript. What a screen needs is checked on the server each time, from what
 * the server itself has noted, never from what was posted.
 */
public interface Screen {

  /** Name in the page's address. */
  String name();

  /** The screen to show instead, because something must come first; null when this one may show. */
  default String instead(Visit visit) {
    return null;
  }

  void show(Visit visit);

  void submit(Visit visit, MultivaluedMap<String, String> form);
}
