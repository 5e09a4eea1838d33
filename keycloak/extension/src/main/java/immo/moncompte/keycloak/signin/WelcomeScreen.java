package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;

/** S1: « Bienvenue sur votre espace Extranet ! », with links to sign-in, activation and merge. */
final class WelcomeScreen extends Screen {

  WelcomeScreen() {
    super(Visit.WELCOME, "welcome.ftl", Visit.LOGIN, Visit.PROVISIONAL, Visit.MERGE, Visit.CODES);
  }

  @Override
  public String instead(Visit visit) {
    return withoutAgency(visit);
  }
}
