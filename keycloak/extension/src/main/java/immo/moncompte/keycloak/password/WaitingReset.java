package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;

/**
 * A reset whose link is good.
 *
 * @param account the personal account
 * @param pending what waits on it
 */
record WaitingReset(OwnerAccount account, PendingReset pending) {

  boolean isDone() {
    return pending.done();
  }
}
