package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.MultivaluedMap;

/** S1: « Bienvenue sur votre espace Extranet ! », with links to sign-in, activation and merge. */
final class WelcomeScreen implements Screen {

  @Override
  public String name() {
    return Visit.WELCOME;
  }

  @Override
  public String instead(Visit visit) {
    return visit.agency().isEmpty() ? Visit.CODES : null;
  }

  @Override
  public void show(Visit visit) {
    visit.show(
        visit.form(name(), Visit.LOGIN, Visit.PROVISIONAL, Visit.MERGE, Visit.CODES),
        "welcome.ftl");
  }

  @Override
  public void submit(Visit visit, MultivaluedMap<String, String> form) {
    // The page has only links and no button.
    visit.goTo(name());
  }
}
