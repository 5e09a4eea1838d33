package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;

/** S2: the provisional credentials of the agency's letter, to activate the account. */
public final class ProvisionalScreen extends Screen {

  public ProvisionalScreen() {
    super(SignIn.PROVISIONAL, "provisional.ftl", SignIn.LOGIN, SignIn.WELCOME);
  }

  @Override
  public String instead(SignIn visit) {
    return withoutAgency(visit);
  }

  @Override
  public void show(SignIn visit) {
    if (visit.kept("identifier") == null && visit.requestedIdentifier() != null) {
      visit.keepTyped("identifier", visit.requestedIdentifier());
    }
    super.show(visit);
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    Optional<ProvisionalProof> proof = ProvenCredentials.prove(visit, form);
    if (proof.isEmpty()) {
      visit.goTo(name());
      return;
    }
    String suggested = proof.get().suggestedEmail();
    visit.keep("email", suggested == null ? "" : EmailAddress.shown(suggested));
    visit.keep(AddressScreen.CHOSEN, "");
    visit.goTo(SignIn.ADDRESS);
  }
}
