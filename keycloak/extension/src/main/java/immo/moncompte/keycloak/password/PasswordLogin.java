package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.DeviceCookie;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.Guess;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.core.Spraying;
import immo.moncompte.keycloak.core.Visit;
import java.util.Optional;
import java.util.function.Supplier;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;
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
    return SourceLimit.of(session, realm, "personal");
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
    return new Verdict(account, isRight(email, account, password));
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
   * account, and against the source unless the account knows the browser. It is logged as an event.
   *
   * @param email the address typed
   * @param password the password typed, normalized
   * @param wrongKey key of the message for a wrong one
   */
  public Attempt attempt(String email, String password, String wrongKey) {
    return attempt(email, () -> find(email), password, wrongKey);
  }

  /** The same for an account that is known. */
  public Attempt attempt(OwnerAccount account, String password, String wrongKey) {
    return attempt(account.id(), () -> Optional.of(account), password, wrongKey);
  }

  private Attempt attempt(
      String name, Supplier<Optional<OwnerAccount>> lookUp, String password, String wrongKey) {
    EvenTime time = new EvenTime();
    Optional<OwnerAccount> account = lookUp.get();
    // A stranger behind the same address must not be in the way of the owner's own browser.
    Optional<SourceLimit> source =
        account.filter(this::isFromKnownBrowser).isPresent()
            ? Optional.empty()
            : Optional.of(source());
    if (source.filter(limit -> !limit.admits(events.get())).isPresent()) {
      time.waitForNextStep();
      return new Attempt(null, "tooManyAttempts");
    }
    if (!isRight(name, account, password)) {
      logRefusal(account);
      time.waitForNextStep();
      return new Attempt(null, wrongKey);
    }
    source.ifPresent(SourceLimit::refund);
    return new Attempt(account.get(), null);
  }

  private boolean isFromKnownBrowser(OwnerAccount account) {
    return new DeviceCookie(session, realm).id(account).isPresent();
  }

  private Optional<OwnerAccount> find(String email) {
    return EmailAddress.parse(email)
        .flatMap(address -> Accounts.findPersonal(session, realm, address));
  }

  private boolean isRight(String name, Optional<OwnerAccount> account, String password) {
    new Spraying(session, realm).count(name, password, events);
    // Keycloak refuses an empty password without a hash, and its time would tell.
    Optional<CredentialModel> secret =
        account
            .filter(found -> !password.isEmpty() && found.user().isEnabled())
            .flatMap(found -> found.credential(PasswordCredentialModel.TYPE));
    Guess guess =
        secret
            .map(known -> Guess.at(session, realm, account.get(), known))
            .orElseGet(() -> Guess.atNothing(session, realm, name));
    boolean right = false;
    if (secret.isPresent() && guess.isAdmitted()) {
      right =
          account.get().user().credentialManager().isValid(UserCredentialModel.password(password));
    } else {
      Passwords.spendOneHash(session, realm);
    }
    guess.settle(right);
    return right;
  }

  private void logRefusal(Optional<OwnerAccount> account) {
    EventBuilder event = events.get().event(EventType.LOGIN).detail("screen", where);
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }
}
