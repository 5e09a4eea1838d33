package immo.moncompte.keycloak.inactive;

import immo.moncompte.keycloak.account.OwnerAccount;

/**
 * Which accounts are warned and deleted after a time without a sign-in (CNIL: inactive accounts,
 * two years; an owner with a running contract is not inactive).
 *
 * <p>Since when nobody has signed in, when the warning is due and when the deletion, is the
 * business of Keycloak's workflow {@code moncompte inactive} (realm template). Its condition asks
 * the same as this, but a step may wait for its turn after it was asked.
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
}
