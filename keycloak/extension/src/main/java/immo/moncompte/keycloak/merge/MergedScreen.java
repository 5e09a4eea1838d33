package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.MultivaluedMap;

/** « Comptes associés », after a merge. Leads to S6. */
public final class MergedScreen extends Screen {

  /** Kept value: a merge was done in this visit. */
  static final String DONE = "merged";

  public MergedScreen() {
    super(Visit.MERGED, "merged.ftl", Visit.LOGIN);
  }

  @Override
  public String instead(Visit visit) {
    return visit.kept(DONE) == null ? Visit.WELCOME : null;
  }

  @Override
  public void submit(Visit visit, MultivaluedMap<String, String> form) {
    visit.goTo(Visit.LOGIN);
  }
}
