package immo.moncompte.keycloak.activation;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** S3: the owner keeps the suggested address or types another one. The visit keeps it for S4. */
public final class AddressScreen extends Screen {

  static final String CHOSEN = "chosen-address";

  public AddressScreen() {
    super(SignIn.ADDRESS, "address.ftl", SignIn.PROVISIONAL, SignIn.LOGIN);
  }

  /** The address that the owner sent from S3, if there is one. */
  public static Optional<String> chosen(SignIn visit) {
    return Optional.ofNullable(visit.kept(CHOSEN)).filter(address -> !address.isEmpty());
  }

  @Override
  public String instead(SignIn visit) {
    return ProvenCredentials.screenInstead(visit);
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    String typed = form.getFirst("email");
    visit.keep(CHOSEN, "");
    Optional<String> address = EmailAddress.parse(typed);
    if (address.isEmpty()) {
      visit.keepTyped("email", typed);
      visit.goTo(name(), error("email", EmailAddress.refusal(typed)));
      return;
    }
    new Activation(visit.session(), visit.realm())
        .endUnlessTo(ProvenCredentials.proof(visit), address.get());
    visit.keep("email", EmailAddress.shown(address.get()));
    visit.keep(CHOSEN, address.get());
    visit.goTo(SignIn.PASSWORD);
  }
}
