package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.MultivaluedMap;

/** The answer of S9, with or without an account. */
final class ForgottenSentScreen extends Screen {

  /** Kept value: a mail was asked for in this visit. */
  static final String ASKED = "forgotten-asked";

  ForgottenSentScreen() {
    super(
        Visit.FORGOTTEN_SENT,
        "forgotten-sent.ftl",
        Visit.FORGOTTEN,
        Visit.LOGIN,
        Visit.PROVISIONAL);
  }

  @Override
  public String instead(Visit visit) {
    return visit.kept(ASKED) == null ? Visit.FORGOTTEN : null;
  }

  @Override
  public void submit(Visit visit, MultivaluedMap<String, String> form) {
    visit.goTo(Visit.FORGOTTEN);
  }
}
