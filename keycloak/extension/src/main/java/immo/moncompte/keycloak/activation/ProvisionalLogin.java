package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.BruteForce;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Checks provisional credentials, at S2 and at S7. It signs nobody in.
 *
 * <p>Unknown, wrong, locked, disabled and expired get the same answer in the same time
 * (specification, rule 7). Guesses are counted per source and agency, and per account if the agency
 * chose the password (specification, rule 8).
 */
public record ProvisionalLogin(KeycloakSession session, RealmModel realm, Agency agency) {

  /**
   * The result of a check.
   *
   * @param proof the proof, or null when refused
   * @param refusal key of the message that says why it was refused, or null
   */
  public record Verdict(ProvisionalProof proof, String refusal) {}

  /**
   * Checks what was typed.
   *
   * @param event an event of this request, with which a refusal is recorded for the operator
   */
  public Verdict check(String typedIdentifier, String typedPassword, EventBuilder event) {
    SourceLimit source = SourceLimit.of(session, realm, "provisional", agency.getAlias());
    if (!source.admits(event)) {
      return new Verdict(null, "tooManyAttempts");
    }
    Optional<Identifier> identifier = Identifier.parse(agency.getAlias(), typedIdentifier);
    EvenTime time = new EvenTime();
    Optional<ProvisionalProof> proof = verified(identifier, typedPassword, event);
    if (proof.isEmpty()) {
      time.waitForNextStep();
      return new Verdict(null, "provisionalRefused");
    }
    source.refund();
    return new Verdict(proof.get(), null);
  }

  private Optional<ProvisionalProof> verified(
      Optional<Identifier> identifier, String typedPassword, EventBuilder event) {
    Optional<OwnerAccount> account =
        identifier.flatMap(known -> Accounts.findProvisional(session, realm, known));
    Optional<CredentialModel> credential = account.flatMap(this::verifiable);
    boolean right =
        ProvisionalPassword.verify(session, realm, typedPassword, credential.orElse(null));
    if (!right) {
      countFailure(account, credential);
      logRefusal(account, event);
      return Optional.empty();
    }
    lock().succeeded(account.orElseThrow().user());
    markStarted(account.orElseThrow());
    return Optional.of(
        ProvisionalProof.of(session, account.orElseThrow(), identifier.orElseThrow()));
  }

  /** The credential to verify, unless the account, the letter or a lock forbids it. */
  private Optional<CredentialModel> verifiable(OwnerAccount account) {
    if (!account.canBeActivated(Instant.now())) {
      return Optional.empty();
    }
    return account
        .credential(OwnerAccount.PROVISIONAL_PASSWORD)
        .filter(credential -> !needsLock(credential) || lock().admits(account.user()));
  }

  /**
   * Records the first use of the letter, for the agency. In a transaction of its own, because
   * another transaction of this request may change the account.
   */
  private void markStarted(OwnerAccount account) {
    if (account.letter().startedAt() != null) {
      return;
    }
    RowLock.changeLocked(
        session,
        List.of(account.id()),
        own ->
            own.get(account.id())
                .filter(locked -> locked.letter().startedAt() == null && !locked.isPersonal())
                .ifPresent(locked -> locked.letter().setStartedAt(Instant.now())));
  }

  /**
   * Whether wrong guesses lock the account. Guessing 64 random bits is hopeless, so there they do
   * not (specification, rule 8).
   */
  private static boolean needsLock(CredentialModel credential) {
    return !ProvisionalPassword.isGenerated(credential);
  }

  private void countFailure(Optional<OwnerAccount> account, Optional<CredentialModel> verified) {
    if (verified.filter(ProvisionalLogin::needsLock).isPresent()) {
      lock().failed(account.orElseThrow().user());
      return;
    }
    lock().failedForNobody();
  }

  /**
   * An event for the operator. It contains nothing typed that was not found (specification, rule
   * 6).
   */
  private void logRefusal(Optional<OwnerAccount> account, EventBuilder event) {
    event
        .event(EventType.LOGIN)
        .detail("agency", agency.getCodes())
        .detail("screen", "provisional");
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }

  private BruteForce lock() {
    return new BruteForce(session, realm);
  }
}
