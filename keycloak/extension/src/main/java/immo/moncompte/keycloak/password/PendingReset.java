package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.Optional;

/**
 * A reset of the password that waits for its link, kept on the account: a newer one takes its
 * place.
 *
 * @param linkHash SHA-256 of the link's secret
 * @param expires seconds since the epoch
 * @param sentAt when the mail was asked for, seconds since the epoch
 * @param email the address it was sent to
 * @param passwordStamp the password of that time, see {@link OwnerAccount#passwordStamp}
 * @param clientId the application the owner came from
 * @param done whether the password was reset: the link is that of the page which says so
 */
public record PendingReset(
    String linkHash,
    long expires,
    long sentAt,
    String email,
    String passwordStamp,
    String clientId,
    boolean done) {

  public static Optional<PendingReset> of(OwnerAccount account) {
    return Optional.ofNullable(account.pendingReset())
        .map(json -> Json.read(json, PendingReset.class));
  }

  public void storeOn(OwnerAccount account) {
    account.setPendingReset(Json.write(this));
  }

  /**
   * Whether it still holds for the account as it is now: what has changed since the mail left ends
   * it, whoever changed it.
   */
  public boolean holds(OwnerAccount account, Instant now) {
    return account.isPersonal()
        && account.user().isEnabled()
        && account.user().isEmailVerified()
        && email.equals(account.user().getEmail())
        && passwordStamp.equals(account.passwordStamp())
        && now.getEpochSecond() < expires;
  }
}
