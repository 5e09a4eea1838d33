package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.MultivaluedMap;

/**
 * One screen of the sign-in: what it shows, what it needs first, and what it does with the answer.
 *
 * <p>The address of the page names the screen, so links, reload and the back button work without
 * JavaScript. The server checks each time what a screen needs, from its own notes and never from
 * what was posted.
 */
public interface Screen {

  /** Name in the page's address. */
  String name();

  /** The screen that must come first, or null. */
  default String instead(Visit visit) {
    return null;
  }

  void show(Visit visit);

  void submit(Visit visit, MultivaluedMap<String, String> form);
}
