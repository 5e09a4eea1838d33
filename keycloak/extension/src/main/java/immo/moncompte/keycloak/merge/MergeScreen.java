package immo.moncompte.keycloak.merge;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.activation.ProvenCredentials;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/**
 * S7: « Fusion de comptes ». Asks for the address of the personal account and for the provisional
 * credentials.
 */
public final class MergeScreen extends Screen {

  public MergeScreen() {
    super(SignIn.MERGE, "merge.ftl", SignIn.LOGIN, SignIn.PROVISIONAL, SignIn.WELCOME);
  }

  @Override
  public String instead(SignIn visit) {
    return withoutAgency(visit);
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    String typed = form.getFirst("email");
    visit.keepTyped("merge-email", typed);
    visit.keepTyped("identifier", form.getFirst("identifier"));
    Optional<String> address = EmailAddress.parse(typed);
    if (address.isEmpty()) {
      visit.goTo(name(), error("email", EmailAddress.refusal(typed)));
      return;
    }
    visit.keep("merge-email", EmailAddress.shown(address.get()));
    boolean proved = ProvenCredentials.prove(visit, form).isPresent();
    visit.goTo(proved ? SignIn.MERGE_PASSWORD : name());
  }
}
