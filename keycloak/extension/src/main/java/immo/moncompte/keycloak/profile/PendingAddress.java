package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.LinkSecret;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of address that waits for its link, kept on the account. A reset, a merge, a freeze and
 * a new password end it, and what is gone from the account is gone on every node.
 *
 * @param email the new address, lower case; proved by nobody yet
 * @param linkHash SHA-256 of the link's secret
 * @param browserHash SHA-256 of the secret in a cookie of the browser that asked
 * @param linkExpires seconds since the epoch
 * @param sentAt when the mail was asked for, seconds since the epoch
 * @param passwordStamp the password that the account had then: with another one the change is dead,
 *     whoever set it
 * @param sessionId the session that asked, which stays when the others end
 * @param clientId the application the owner came from
 * @param locale language of the pages and so of the mails
 */
record PendingAddress(
    String email,
    String linkHash,
    String browserHash,
    long linkExpires,
    long sentAt,
    String passwordStamp,
    String sessionId,
    String clientId,
    String locale) {

  /** What waits on an account, as long as it can still be finished. */
  static Optional<PendingAddress> of(OwnerAccount account) {
    return Optional.ofNullable(account.pendingAddress())
        .map(json -> Json.read(json, PendingAddress.class))
        .filter(pending -> pending.holds(account));
  }

  void storeOn(OwnerAccount account) {
    account.setPendingAddress(Json.write(this));
  }

  boolean isOpenedBy(String secret) {
    return LinkSecret.matches(secret, linkHash);
  }

  private boolean holds(OwnerAccount account) {
    return account.isPersonal()
        && account.user().isEnabled()
        && Instant.now().getEpochSecond() < linkExpires
        && passwordStamp.equals(account.passwordStamp());
  }
}
