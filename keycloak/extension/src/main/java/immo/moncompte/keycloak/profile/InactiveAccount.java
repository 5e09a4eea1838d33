package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides which accounts are warned and deleted after a time without a sign-in. CNIL sets two
 * years; an owner with a contract is not inactive.
 *
 * <p>Keycloak's workflow {@code moncompte inactive} (realm template) counts the time. Its condition
 * is nearly the same as this one, but a step may wait after its condition was checked. The workflow
 * starts again from the beginning for an account that is skipped here.
 */
final class InactiveAccount {

  private InactiveAccount() {}

  /**
   * Whether an account may be deleted: a personal one without contracts. The agency's file brings
   * the contracts of a provisional account. The owner of a disabled account cannot keep it by
   * signing in.
   */
  static boolean canBeDeleted(OwnerAccount account) {
    return account.isPersonal() && account.user().isEnabled() && account.contracts().isEmpty();
  }

  /**
   * Whether its owner must be warned. A contract may have come and gone while the workflow waited.
   *
   * @param inactive how long the account must have been without contracts
   */
  static boolean isToBeWarned(OwnerAccount account, Duration inactive, Instant now) {
    Instant since = account.inactivity().contractsEndedAt();
    return canBeDeleted(account) && (since == null || !now.isBefore(since.plus(inactive)));
  }

  /** Whether it must be deleted. Its owner must have been warned. */
  static boolean isToBeDeleted(OwnerAccount account) {
    return canBeDeleted(account) && account.inactivity().isWarned();
  }
}
