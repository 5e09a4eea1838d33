package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** S3: the owner keeps the suggested address or types another one. The visit keeps it for S4. */
public final class AddressScreen extends Screen {

  public AddressScreen() {
    super(Visit.ADDRESS, "address.ftl", Visit.PROVISIONAL, Visit.LOGIN);
  }

  @Override
  public String instead(Visit visit) {
    return ProvenCredentials.screenInstead(visit);
  }

  @Override
  public void submit(Visit visit, MultivaluedMap<String, String> form) {
    String typed = form.getFirst("email");
    Optional<String> address = Addresses.parse(typed);
    if (address.isEmpty()) {
      visit.keepTyped("email", typed);
      visit.say(Addresses.refusal(typed));
      visit.goTo(name());
      return;
    }
    visit.keep("email", address.get());
    visit.goTo(Visit.PASSWORD);
  }
}
