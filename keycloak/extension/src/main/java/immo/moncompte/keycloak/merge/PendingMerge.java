package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.Optional;

/**
 * A merge of two personal accounts that waits for its link, kept on the account that would go. It
 * holds only as long as both accounts are what they were: a new password or address of either ends
 * it.
 *
 * @param linkHash SHA-256 of the link's secret
 * @param survivorId id of the account that would stay
 * @param stamp what {@link AccountMerge#stampOf} said of the account that would go
 * @param survivorStamp the same of the one that would stay
 * @param expires seconds since the epoch
 * @param sentAt when the mail was asked for, seconds since the epoch
 * @param sessionId the session that asked, which outlives the merge
 * @param clientId the application it was asked for from
 * @param locale language of the mails
 */
record PendingMerge(
    String linkHash,
    String survivorId,
    String stamp,
    String survivorStamp,
    long expires,
    long sentAt,
    String sessionId,
    String clientId,
    String locale) {

  static Optional<PendingMerge> of(OwnerAccount account) {
    return Optional.ofNullable(account.pendingMerge())
        .map(json -> Json.read(json, PendingMerge.class));
  }

  void storeOn(OwnerAccount account) {
    account.setPendingMerge(Json.write(this));
  }
}
