package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;

/** S1: « Bienvenue sur votre espace Extranet ! », with links to sign-in, activation and merge. */
final class WelcomeScreen extends Screen {

  WelcomeScreen() {
    super(
        SignIn.WELCOME,
        "welcome.ftl",
        SignIn.LOGIN,
        SignIn.PROVISIONAL,
        SignIn.MERGE,
        SignIn.CODES);
  }

  @Override
  public String instead(SignIn visit) {
    return withoutAgency(visit);
  }
}
