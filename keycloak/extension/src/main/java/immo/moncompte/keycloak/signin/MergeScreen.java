package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.Addresses;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/**
 * S7: « Fusion de comptes », the address of the personal account and the provisional credentials.
 */
final class MergeScreen implements Screen {

  @Override
  public String name() {
    return SignIn.MERGE;
  }

  @Override
  public String instead(SignIn signIn) {
    return signIn.agency().isEmpty() ? SignIn.CODES : null;
  }

  @Override
  public void show(SignIn signIn) {
    signIn.show(signIn.form(name(), SignIn.LOGIN, SignIn.PROVISIONAL, SignIn.WELCOME), "merge.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    String typed = form.getFirst("email");
    signIn.keepTyped("merge-email", typed);
    signIn.keepTyped("identifier", form.getFirst("identifier"));
    Optional<String> address = Addresses.parse(typed);
    if (address.isEmpty()) {
      boolean missing = typed == null || typed.isBlank();
      signIn.say(SignIn.error("email", missing ? "emailMissing" : "emailInvalid"));
      signIn.goTo(name());
      return;
    }
    signIn.keep("merge-email", address.get());
    boolean proved = signIn.prove(form).isPresent();
    signIn.goTo(proved ? SignIn.MERGE_PASSWORD : name());
  }
}
