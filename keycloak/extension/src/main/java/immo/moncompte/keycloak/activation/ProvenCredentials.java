package immo.moncompte.keycloak.activation;

import static immo.moncompte.keycloak.core.Message.error;
import static immo.moncompte.keycloak.core.Message.success;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.models.UserModel;

/**
 * The provisional credentials that a visitor proved in this sign-in. Keeps the {@link
 * ProvisionalProof} in the authentication session, for S3 to S5 and for a merge.
 */
public final class ProvenCredentials {

  private static final String NOTE = "moncompte.proof";

  private ProvenCredentials() {}

  /**
   * Checks {@code identifier} and {@code password} of a form and keeps the proof.
   *
   * @return the proof; empty when refused, and then the next page shows the message
   */
  public static Optional<ProvisionalProof> prove(
      SignIn visit, MultivaluedMap<String, String> form) {
    visit.keepTyped("identifier", form.getFirst("identifier"));
    forget(visit);
    ProvisionalLogin.Verdict verdict =
        new ProvisionalLogin(visit.session(), visit.realm(), visit.agency().orElseThrow())
            .check(form.getFirst("identifier"), form.getFirst("password"), visit.event());
    if (verdict.proof() == null) {
      visit.say(error(null, verdict.refusal()));
      return Optional.empty();
    }
    visit.endAnySession();
    visit.authenticationSession().setAuthNote(NOTE, Json.write(verdict.proof()));
    return Optional.of(verdict.proof());
  }

  /** The proof that was kept, or null. It may no longer be valid. */
  public static ProvisionalProof proof(SignIn visit) {
    return ProvisionalProof.read(visit.authenticationSession().getAuthNote(NOTE));
  }

  public static void forget(SignIn visit) {
    visit.authenticationSession().removeAuthNote(NOTE);
  }

  /** The account whose provisional credentials were proved, while the proof is valid. */
  public static Optional<OwnerAccount> account(SignIn visit) {
    return Optional.ofNullable(proof(visit))
        .flatMap(proof -> proof.account(visit.session(), visit.realm()));
  }

  /**
   * The screen to show instead of one that needs a proof, or null while the proof is valid. If the
   * proof has ended, that screen says why: the account is active already, or has changed.
   */
  static String screenInstead(SignIn visit) {
    if (account(visit).isPresent()) {
      return null;
    }
    ProvisionalProof proof = proof(visit);
    if (proof == null) {
      return SignIn.PROVISIONAL;
    }
    forget(visit);
    UserModel user = visit.session().users().getUserById(visit.realm(), proof.userId());
    boolean activated = user != null && new OwnerAccount(user).isPersonal();
    if (activated) {
      visit.say(success("alreadyActivated"));
      return SignIn.LOGIN;
    }
    visit.say(error(null, "activationEnded"));
    return SignIn.PROVISIONAL;
  }

  /** The same for S4 and S5, which also need the address chosen at S3. */
  static String screenInsteadAfterAddress(SignIn visit) {
    String instead = screenInstead(visit);
    if (instead != null) {
      return instead;
    }
    return AddressScreen.chosen(visit).isPresent() ? null : SignIn.ADDRESS;
  }
}
