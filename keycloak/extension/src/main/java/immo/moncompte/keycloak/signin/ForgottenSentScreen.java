package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;

/** The answer of S9, with or without an account. */
final class ForgottenSentScreen extends Screen {

  /** Kept value: a mail was asked for in this visit. */
  static final String ASKED = "forgotten-asked";

  ForgottenSentScreen() {
    super(
        SignIn.FORGOTTEN_SENT,
        "forgotten-sent.ftl",
        SignIn.FORGOTTEN,
        SignIn.LOGIN,
        SignIn.PROVISIONAL);
  }

  @Override
  public String instead(SignIn visit) {
    return visit.kept(ASKED) == null ? SignIn.FORGOTTEN : null;
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    visit.goTo(SignIn.FORGOTTEN);
  }
}
