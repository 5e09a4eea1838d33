package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;

/**
 * A link by which the owner of a provisional account may activate it without its password, because
 * it went to the mailbox that the agency holds. Kept on the account: a newer one takes its place.
 *
 * @param linkHash SHA-256 of the link's secret
 * @param expires seconds since the epoch
 * @param sentAt when the mail was asked for, seconds since the epoch
 * @param email the address that the agency held then
 * @param credentialId the letter's password of that time: a new letter ends the link
 * @param clientId the application the owner came from
 */
public record MailedLink(
    String linkHash,
    long expires,
    long sentAt,
    String email,
    String credentialId,
    String clientId) {

  public static Optional<MailedLink> of(OwnerAccount account) {
    return Optional.ofNullable(account.mailedActivation())
        .map(json -> Json.read(json, MailedLink.class));
  }

  void storeOn(OwnerAccount account) {
    account.setMailedActivation(Json.write(this));
  }

  /** Whether it still holds for the account as it is now (spec, rule 3). */
  public boolean holds(OwnerAccount account, Instant now) {
    return !account.isPersonal()
        && account.user().isEnabled()
        && !account.isExpired(now)
        && email.equals(account.suggestedEmail())
        && account
            .credential(OwnerAccount.PROVISIONAL_PASSWORD)
            .map(CredentialModel::getId)
            .filter(credentialId::equals)
            .isPresent()
        && now.getEpochSecond() < expires;
  }
}
