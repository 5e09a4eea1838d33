package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.Guess;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.core.Spraying;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Checks provisional credentials, at S2, at S7 and at « Ajouter un contrat ». It signs nobody in.
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
    String name =
        agency.getAlias() + "/" + identifier.map(Identifier::bare).orElse(typedIdentifier);
    new Spraying(session, realm)
        .count(name, Objects.requireNonNullElse(typedPassword, ""), event::clone);
    Optional<ProvisionalProof> proof = verified(name, identifier, typedPassword, event);
    if (proof.isEmpty()) {
      time.waitForNextStep();
      return new Verdict(null, "provisionalRefused");
    }
    source.refund();
    return new Verdict(proof.get(), null);
  }

  private Optional<ProvisionalProof> verified(
      String name, Optional<Identifier> identifier, String typedPassword, EventBuilder event) {
    Optional<OwnerAccount> account =
        identifier.flatMap(known -> Accounts.findProvisional(session, realm, known));
    Optional<CredentialModel> credential =
        account
            .filter(found -> found.canBeActivated(Instant.now()))
            .flatMap(found -> found.credential(OwnerAccount.PROVISIONAL_PASSWORD));
    Optional<CredentialModel> guessable = credential.filter(ProvisionalLogin::isGuessable);
    Guess guess =
        guessable
            .map(secret -> Guess.at(session, realm, account.get(), secret))
            .orElseGet(() -> Guess.atNothing(session, realm, name));
    // A generated password has no lock: its guess is counted only for the same cost.
    boolean isLocked = guessable.isPresent() && !guess.isAdmitted();
    boolean right =
        ProvisionalPassword.verify(
            session, realm, typedPassword, credential.filter(any -> !isLocked).orElse(null));
    guess.settle(right);
    if (!right) {
      logRefusal(account, event);
      return Optional.empty();
    }
    markStarted(account.orElseThrow());
    return Optional.of(
        ProvisionalProof.of(session, account.orElseThrow(), identifier.orElseThrow()));
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
   * Whether the agency chose the password. Guessing 64 random bits is hopeless, so a generated one
   * needs no lock (specification, rule 8).
   */
  private static boolean isGuessable(CredentialModel credential) {
    return !ProvisionalPassword.isGenerated(credential);
  }

  /**
   * An event for the operator. It names an account only if there is one, and never what was typed
   * (specification, rule 6).
   */
  private void logRefusal(Optional<OwnerAccount> account, EventBuilder event) {
    event
        .event(EventType.LOGIN)
        .detail("agency", agency.getCodes())
        .detail("screen", "provisional");
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }
}
