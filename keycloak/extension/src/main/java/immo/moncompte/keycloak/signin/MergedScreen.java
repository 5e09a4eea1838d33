package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.core.MultivaluedMap;

/** « Comptes associés », after a merge; from here to S6. */
final class MergedScreen implements Screen {

  /** Kept value that says a merge was done in this visit. */
  static final String DONE = "merged";

  @Override
  public String name() {
    return SignIn.MERGED;
  }

  @Override
  public String instead(SignIn signIn) {
    return signIn.kept(DONE) == null ? SignIn.WELCOME : null;
  }

  @Override
  public void show(SignIn signIn) {
    signIn.show(signIn.form(name(), SignIn.LOGIN), "merged.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    signIn.goTo(SignIn.LOGIN);
  }
}
