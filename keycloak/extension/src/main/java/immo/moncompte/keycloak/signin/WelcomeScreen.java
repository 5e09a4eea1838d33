package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.core.MultivaluedMap;

/** S1: « Bienvenue sur votre espace Extranet ! » and the ways on. */
final class WelcomeScreen implements Screen {

  @Override
  public String name() {
    return SignIn.WELCOME;
  }

  @Override
  public String instead(SignIn signIn) {
    return signIn.agency().isEmpty() ? SignIn.CODES : null;
  }

  @Override
  public void show(SignIn signIn) {
    signIn.show(
        signIn.form(name(), SignIn.LOGIN, SignIn.PROVISIONAL, SignIn.MERGE, SignIn.CODES),
        "welcome.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    // The ways on are links: a post here comes from nobody's button.
    signIn.goTo(name());
  }
}
