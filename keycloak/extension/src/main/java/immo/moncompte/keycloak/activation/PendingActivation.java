package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.Optional;

/**
 * An activation that waits for its link, kept on the account. Restart, reissue, expiry or a new
 * address in the agency's file remove it, and what is gone from the account is gone on every node.
 *
 * @param email the address chosen at S3, lower case; proved by nobody yet
 * @param linkHash SHA-256 of the link's secret
 * @param browserHash SHA-256 of the secret in a cookie of the browser that asked
 * @param linkExpires seconds since the epoch
 * @param sentAt when the last mail was asked for, seconds since the epoch
 * @param termsVersion version of the CGU accepted at S4, or null when the realm has none
 * @param termsAcceptedAt seconds since the epoch
 * @param clientId the application the owner came from
 * @param tabId the tab of the authentication session that asked
 * @param locale language of the pages and so of the mails
 */
public record PendingActivation(
    String email,
    String linkHash,
    String browserHash,
    long linkExpires,
    long sentAt,
    String termsVersion,
    long termsAcceptedAt,
    String clientId,
    String tabId,
    String locale) {

  public static Optional<PendingActivation> of(OwnerAccount account) {
    return Optional.ofNullable(account.pendingActivation())
        .map(json -> Json.read(json, PendingActivation.class));
  }

  public void storeOn(OwnerAccount account) {
    account.setPendingActivation(Json.write(this));
  }

  /** The same activation with a new link; the one sent before is dead then. */
  public PendingActivation withLink(String newLinkHash, Instant expires, Instant now) {
    return new PendingActivation(
        email,
        newLinkHash,
        browserHash,
        expires.getEpochSecond(),
        now.getEpochSecond(),
        termsVersion,
        termsAcceptedAt,
        clientId,
        tabId,
        locale);
  }

  /** The same activation with the link of the one before it, which was sent to the same address. */
  public PendingActivation withLinkOf(PendingActivation before) {
    return new PendingActivation(
        email,
        before.linkHash,
        browserHash,
        before.linkExpires,
        before.sentAt,
        termsVersion,
        termsAcceptedAt,
        clientId,
        tabId,
        locale);
  }

  /** The same activation asked for by a browser that has another secret. */
  public PendingActivation withBrowser(String newBrowserHash) {
    return new PendingActivation(
        email,
        linkHash,
        newBrowserHash,
        linkExpires,
        sentAt,
        termsVersion,
        termsAcceptedAt,
        clientId,
        tabId,
        locale);
  }

  public boolean isLinkExpired(Instant now) {
    return now.getEpochSecond() >= linkExpires;
  }
}
