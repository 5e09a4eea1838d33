package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.BruteForce;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.core.Visit;
import java.util.Optional;
import java.util.function.Supplier;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Checks an address and the owner's own password, wherever they are asked for.
 *
 * <p>Keycloak's own form is not used. It computes no hash for an account that is locked, disabled
 * or without a password, so its time tells who has an account (specification, rule 7). It also
 * writes what was typed into events (specification, rule 6).
 */
public final class PasswordLogin {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Supplier<EventBuilder> events;
  private final String where;
  private final BruteForce lock;

  /**
   * A check of one request.
   *
   * @param events gives an event of this request, for what is refused
   * @param where the screen that asks, for the event
   */
  public PasswordLogin(
      KeycloakSession session, RealmModel realm, Supplier<EventBuilder> events, String where) {
    this.session = session;
    this.realm = realm;
    this.events = events;
    this.where = where;
    this.lock = new BruteForce(session, realm);
  }

  public PasswordLogin(Visit visit, String where) {
    this(visit.session(), visit.realm(), visit::event, where);
  }

  /** A check for a screen of the sign-in. */
  public static PasswordLogin of(SignIn visit) {
    return new PasswordLogin(visit, visit.currentScreen());
  }

  /**
   * The limit on guesses of this source. All agencies share it, because the visitor chooses the
   * agency of a sign-in and a personal account belongs to none.
   */
  public SourceLimit source() {
    return SourceLimit.of(session, realm, "personal", "any");
  }

  /**
   * The result of a check.
   *
   * @param account the personal account of the address, if there is one
   * @param right whether the password is its owner's
   */
  public record Verdict(Optional<OwnerAccount> account, boolean right) {}

  /**
   * Checks a password, at the cost of one hash in every case. A wrong one counts against the
   * account.
   *
   * @param email the address typed
   * @param password the password typed, normalized
   */
  public Verdict check(String email, String password) {
    Optional<OwnerAccount> account = find(email);
    return new Verdict(account, isRight(account, password));
  }

  /**
   * The result of an attempt.
   *
   * @param account the account, or null when refused
   * @param refusal key of the message that says why it was refused, or null
   */
  public record Attempt(OwnerAccount account, String refusal) {

    public boolean isRefused() {
      return refusal != null;
    }
  }

  /**
   * Checks a password that somebody signs in or confirms with. A wrong one counts against the
   * source and the account, and is logged as an event.
   *
   * @param email the address typed
   * @param password the password typed, normalized
   * @param wrongKey key of the message for a wrong one
   */
  public Attempt attempt(String email, String password, String wrongKey) {
    return attempt(() -> find(email), password, wrongKey);
  }

  /** The same for an account that is known. */
  public Attempt attempt(OwnerAccount account, String password, String wrongKey) {
    return attempt(() -> Optional.of(account), password, wrongKey);
  }

  private Attempt attempt(
      Supplier<Optional<OwnerAccount>> lookUp, String password, String wrongKey) {
    SourceLimit source = source();
    if (!source.admits(events.get())) {
      return new Attempt(null, "tooManyAttempts");
    }
    EvenTime time = new EvenTime();
    Optional<OwnerAccount> account = lookUp.get();
    if (!isRight(account, password)) {
      logRefusal(account);
      time.waitForNextStep();
      return new Attempt(null, wrongKey);
    }
    source.refund();
    return new Attempt(account.get(), null);
  }

  private Optional<OwnerAccount> find(String email) {
    return EmailAddress.parse(email)
        .flatMap(address -> Accounts.findPersonal(session, realm, address));
  }

  private boolean isRight(Optional<OwnerAccount> account, String password) {
    // Keycloak refuses an empty password without a hash, and its time would tell.
    Optional<UserModel> verifiable =
        account.filter(found -> !password.isEmpty() && isVerifiable(found)).map(OwnerAccount::user);
    if (verifiable.isEmpty()) {
      Passwords.spendOneHash(session, realm);
      lock.failedForNobody();
      return false;
    }
    UserModel user = verifiable.get();
    boolean right = user.credentialManager().isValid(UserCredentialModel.password(password));
    if (right) {
      lock.refund(user);
    } else {
      lock.failed(user);
    }
    return right;
  }

  private boolean isVerifiable(OwnerAccount account) {
    return account.user().isEnabled()
        && account.credential(PasswordCredentialModel.TYPE).isPresent()
        && lock.admits(account.user());
  }

  private void logRefusal(Optional<OwnerAccount> account) {
    EventBuilder event = events.get().event(EventType.LOGIN).detail("screen", where);
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }
}
