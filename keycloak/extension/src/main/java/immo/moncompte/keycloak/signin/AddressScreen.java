package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.Addresses;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** S3: the suggested address, or another of the owner's choice. */
final class AddressScreen implements Screen {

  @Override
  public String name() {
    return SignIn.ADDRESS;
  }

  @Override
  public String instead(SignIn signIn) {
    return Prerequisites.provenAccount(signIn);
  }

  @Override
  public void show(SignIn signIn) {
    signIn.show(signIn.form(name(), SignIn.PROVISIONAL, SignIn.LOGIN), "address.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    String typed = form.getFirst("email");
    Optional<String> address = Addresses.parse(typed);
    if (address.isEmpty()) {
      boolean missing = typed == null || typed.isBlank();
      signIn.keepTyped("email", typed);
      signIn.say(SignIn.error("email", missing ? "emailMissing" : "emailInvalid"));
      signIn.goTo(name());
      return;
    }
    signIn.keep("email", address.get());
    signIn.goTo(SignIn.PASSWORD);
  }
}
