package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.ProvisionalProof;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** S2: the provisional credentials of the agency's letter, to activate the account. */
final class ProvisionalScreen implements Screen {

  @Override
  public String name() {
    return SignIn.PROVISIONAL;
  }

  @Override
  public String instead(SignIn signIn) {
    return signIn.agency().isEmpty() ? SignIn.CODES : null;
  }

  @Override
  public void show(SignIn signIn) {
    if (signIn.kept("identifier") == null && signIn.requestedIdentifier() != null) {
      signIn.keepTyped("identifier", signIn.requestedIdentifier());
    }
    signIn.show(signIn.form(name(), SignIn.LOGIN, SignIn.WELCOME), "provisional.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    Optional<ProvisionalProof> proof = signIn.prove(form);
    if (proof.isEmpty()) {
      signIn.goTo(name());
      return;
    }
    String suggested = proof.get().suggestedEmail();
    signIn.keep("email", suggested == null ? "" : suggested);
    signIn.goTo(SignIn.ADDRESS);
  }
}
