package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.password.Passwords;
import immo.moncompte.keycloak.throttle.AccountLock;
import immo.moncompte.keycloak.throttle.EvenTime;
import immo.moncompte.keycloak.throttle.SourceLimit;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Whether an address and the owner's own password are right, wherever they are asked for.
 *
 * <p>Keycloak's own form is not used underneath: for an account that is locked, disabled or without
 * a password it answers without a hash, which tells by its time who exists (spec, rule 7), and it
 * writes what was typed into events (rule 6).
 */
final class PersonalCheck {

  private final SignIn signIn;
  private final AccountLock lock;

  PersonalCheck(SignIn signIn) {
    this.signIn = signIn;
    this.lock = new AccountLock(signIn.session(), signIn.realm());
  }

  /**
   * How often this source may guess at passwords of personal accounts. One limit for all agencies:
   * the agency of a sign-in is the visitor's to choose, and a personal account belongs to none.
   */
  SourceLimit source() {
    return SourceLimit.of(signIn.session(), signIn.realm(), "personal", "any");
  }

  /**
   * What came of a check.
   *
   * @param account the personal account of the address, if there is one
   * @param right whether the password is its owner's
   */
  record Verdict(Optional<OwnerAccount> account, boolean right) {}

  /**
   * Checks a password at the cost of one hash in every case; a wrong one counts against the account
   * like any failed sign-in.
   *
   * @param email the address typed
   * @param password the password typed, normalized
   */
  Verdict check(String email, String password) {
    Optional<OwnerAccount> account =
        OwnerAccount.findPersonal(signIn.session(), signIn.realm(), email);
    return new Verdict(account, isRight(account, password));
  }

  /** The account, if the password is right; a wrong one leaves an event. */
  Optional<OwnerAccount> verified(String email, String password) {
    EvenTime time = new EvenTime();
    Verdict verdict = check(email, password);
    if (verdict.right()) {
      return verdict.account();
    }
    logRefusal(verdict.account());
    time.waitForNextStep();
    return Optional.empty();
  }

  private boolean isRight(Optional<OwnerAccount> account, String password) {
    // Keycloak takes an empty password for wrong without a hash, which would tell by its time.
    Optional<UserModel> verifiable =
        account.filter(found -> !password.isEmpty() && isVerifiable(found)).map(OwnerAccount::user);
    if (verifiable.isEmpty()) {
      Passwords.spendOneHash(signIn.session(), signIn.realm());
      lock.failedForNobody();
      return false;
    }
    UserModel user = verifiable.get();
    boolean right = user.credentialManager().isValid(UserCredentialModel.password(password));
    if (!right) {
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
    EventBuilder event =
        signIn.event().event(EventType.LOGIN).detail("screen", signIn.currentScreen());
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }
}
