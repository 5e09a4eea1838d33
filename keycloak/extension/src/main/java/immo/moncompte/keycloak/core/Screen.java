package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.MultivaluedMap;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * One screen of the sign-in: what it shows, what it needs first, and what it does with the answer.
 *
 * <p>The address of the page names the screen, so links, reload and the back button work without
 * JavaScript. The server checks each time what a screen needs, from its own notes and never from
 * what was posted.
 */
public abstract class Screen {
  private final String name;
  private final String template;
  private final String[] links;

  /**
   * A screen.
   *
   * @param name its name in the page's address
   * @param links the screens that its page links to
   */
  protected Screen(String name, String template, String... links) {
    this.name = name;
    this.template = template;
    this.links = links;
  }

  public final String name() {
    return name;
  }

  /** The screen that must come first, or null. */
  public String instead(SignIn visit) {
    return null;
  }

  public void show(SignIn visit) {
    LoginFormsProvider form = visit.form(name, links);
    fill(visit, form);
    visit.show(form, template);
  }

  /** Adds what only this page shows. */
  protected void fill(SignIn visit, LoginFormsProvider form) {
    // Most pages show nothing else.
  }

  /** Does what the button of the page is for. A page without a button is shown again. */
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    visit.goTo(name);
  }

  /** S0, as long as no agency is known; otherwise null. */
  protected static String withoutAgency(SignIn visit) {
    return visit.agency().isEmpty() ? SignIn.CODES : null;
  }
}
