package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Duration;
import java.time.Instant;

/**
 * Which accounts are warned and deleted after a time without a sign-in (CNIL: inactive accounts,
 * two years; an owner with a running contract is not inactive).
 *
 * <p>Since when nobody has signed in, when the warning is due and when the deletion, is the
 * business of Keycloak's workflow {@code moncompte inactive} (realm template). Its condition asks
 * nearly the same as this, but only at the moment when a step is due, and a step may then wait for
 * its turn. Who is passed over here is taken up anew by the workflow, from the beginning.
 */
final class InactiveAccount {

  private InactiveAccount() {}

  /**
   * Whether an account may go: a personal one without any contract. A provisional one is the
   * agency's, whose file brings its contracts; one that is frozen or disabled is the operator's,
   * because its owner cannot keep it by signing in.
   */
  static boolean mayGo(OwnerAccount account) {
    return account.isPersonal() && account.user().isEnabled() && account.contracts().isEmpty();
  }

  /**
   * Whether its owner is to be warned: a contract may have come and gone while the workflow waited.
   *
   * @param inactive for how long the account has to be without contracts
   */
  static boolean isToBeWarned(OwnerAccount account, Duration inactive, Instant now) {
    Instant since = account.contractsEndedAt();
    return mayGo(account) && (since == null || !now.isBefore(since.plus(inactive)));
  }

  /** Whether it is to be deleted: not without a warning that still stands. */
  static boolean isToBeDeleted(OwnerAccount account) {
    return mayGo(account) && account.isWarned();
  }
}
