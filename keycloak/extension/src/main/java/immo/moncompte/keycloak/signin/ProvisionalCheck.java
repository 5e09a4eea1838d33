package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import immo.moncompte.keycloak.throttle.AccountLock;
import immo.moncompte.keycloak.throttle.SourceLimit;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;

/**
 * Whether the provisional credentials typed are right, wherever they are asked for.
 *
 * <p>Unknown, wrong, locked, disabled and expired answer alike, in words and in time (spec, rule
 * 7); guesses are counted per source and agency, and per account where the agency chose the
 * password (rule 8).
 */
final class ProvisionalCheck {

  private final SignIn signIn;
  private final Agency agency;
  private final AccountLock lock;

  private ProvisionalCheck(SignIn signIn) {
    this.signIn = signIn;
    this.agency = signIn.agency().orElseThrow();
    this.lock = new AccountLock(signIn.session(), signIn.realm());
  }

  /**
   * Checks {@code identifier} and {@code password} of a form.
   *
   * @return the proof, which the visit keeps too; empty when refused, which the next page says
   */
  static Optional<ProvisionalProof> prove(SignIn signIn, MultivaluedMap<String, String> form) {
    signIn.keepTyped("identifier", form.getFirst("identifier"));
    signIn.forgetProof();
    return new ProvisionalCheck(signIn).limited(form);
  }

  private Optional<ProvisionalProof> limited(MultivaluedMap<String, String> form) {
    SourceLimit source =
        SourceLimit.of(signIn.session(), signIn.realm(), "provisional", agency.getAlias());
    if (!source.admits()) {
      source.tell(signIn.context().newEvent());
      signIn.say(SignIn.error(null, "tooManyAttempts"));
      return Optional.empty();
    }
    Optional<ProvisionalProof> proof =
        verified(form.getFirst("identifier"), form.getFirst("password"));
    if (proof.isEmpty()) {
      signIn.say(SignIn.error(null, "provisionalRefused"));
      return Optional.empty();
    }
    source.succeeded();
    signIn.endOtherSession();
    signIn.proved(proof.get());
    return proof;
  }

  private Optional<ProvisionalProof> verified(String typedIdentifier, String typedPassword) {
    Optional<Identifier> identifier = Identifier.parse(agency.getAlias(), typedIdentifier);
    Optional<OwnerAccount> account =
        identifier.flatMap(
            known -> OwnerAccount.findProvisional(signIn.session(), signIn.realm(), known));
    Optional<CredentialModel> credential = account.flatMap(this::usable);
    boolean right =
        ProvisionalPassword.verify(
            signIn.session(), signIn.realm(), typedPassword, credential.orElse(null));
    if (!right) {
      countFailure(account, credential);
      logRefusal(account);
      return Optional.empty();
    }
    lock.succeeded(account.orElseThrow().user());
    return Optional.of(
        ProvisionalProof.of(
            account.orElseThrow(), identifier.orElseThrow(), credential.orElseThrow()));
  }

  /** The credential to verify, unless account, letter or lock forbid it. */
  private Optional<CredentialModel> usable(OwnerAccount account) {
    if (!account.user().isEnabled() || account.isExpired(Instant.now())) {
      return Optional.empty();
    }
    return account
        .credential(OwnerAccount.PROVISIONAL_PASSWORD)
        .filter(credential -> !needsLock(credential) || lock.admits(account.user()));
  }

  /** Guessing at 64 random bits is hopeless, and must not lock the owner out (spec, rule 8). */
  private static boolean needsLock(CredentialModel credential) {
    return !ProvisionalPassword.isGenerated(credential);
  }

  private void countFailure(Optional<OwnerAccount> account, Optional<CredentialModel> verified) {
    if (verified.filter(ProvisionalCheck::needsLock).isPresent()) {
      lock.failed(account.orElseThrow().user());
      return;
    }
    lock.failedForNobody();
  }

  /** An event for the operator, without anything typed that was not found (spec, rule 6). */
  private void logRefusal(Optional<OwnerAccount> account) {
    EventBuilder event =
        signIn
            .context()
            .newEvent()
            .event(EventType.LOGIN)
            .detail("agency", agency.getCodes())
            .detail("screen", SignIn.PROVISIONAL);
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }
}
