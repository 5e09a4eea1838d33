package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.MultivaluedMap;

/** « Comptes associés », after a merge. Leads to S6. */
public final class MergedScreen implements Screen {

  /** Kept value: a merge was done in this visit. */
  static final String DONE = "merged";

  @Override
  public String name() {
    return Visit.MERGED;
  }

  @Override
  public String instead(Visit visit) {
    return visit.kept(DONE) == null ? Visit.WELCOME : null;
  }

  @Override
  public void show(Visit visit) {
    visit.show(visit.form(name(), Visit.LOGIN), "merged.ftl");
  }

  @Override
  public void submit(Visit visit, MultivaluedMap<String, String> form) {
    visit.goTo(Visit.LOGIN);
  }
}
