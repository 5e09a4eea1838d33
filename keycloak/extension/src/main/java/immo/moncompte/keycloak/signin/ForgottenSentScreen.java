package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.core.MultivaluedMap;

/** What S9 answers, whether or not there is an account. */
final class ForgottenSentScreen implements Screen {

  /** Kept value that says a mail was asked for in this visit. */
  static final String ASKED = "forgotten-asked";

  @Override
  public String name() {
    return SignIn.FORGOTTEN_SENT;
  }

  @Override
  public String instead(SignIn signIn) {
    return signIn.kept(ASKED) == null ? SignIn.FORGOTTEN : null;
  }

  @Override
  public void show(SignIn signIn) {
    signIn.show(
        signIn.form(name(), SignIn.FORGOTTEN, SignIn.LOGIN, SignIn.PROVISIONAL),
        "forgotten-sent.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    signIn.goTo(SignIn.FORGOTTEN);
  }
}
