package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;

/** « Comptes associés », after a merge. Leads to S6. */
public final class MergedScreen extends Screen {

  /** Kept value: a merge was done in this visit. */
  static final String DONE = "merged";

  public MergedScreen() {
    super(SignIn.MERGED, "merged.ftl", SignIn.LOGIN);
  }

  @Override
  public String instead(SignIn visit) {
    return visit.kept(DONE) == null ? SignIn.WELCOME : null;
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    visit.goTo(SignIn.LOGIN);
  }
}
