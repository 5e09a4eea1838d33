package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.ProvedAddress;
import java.time.Instant;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Makes a provisional account a personal one, whichever link proved the mailbox. The caller's
 * transaction has locked the account and checked the link.
 */
record Promotion(KeycloakSession session, RealmModel realm, OwnerAccount account) {

  /**
   * Makes the address the email and username of the account.
   *
   * @return false if the address belongs to another account; the loser of a race gets a {@link
   *     org.keycloak.models.ModelDuplicateException} instead
   */
  boolean takeAddress(String email) {
    ProvedAddress address = new ProvedAddress(session, realm, email);
    if (address.isTakenFrom(account)) {
      return false;
    }
    address.giveTo(account);
    return true;
  }

  /**
   * Gives the account its password and records the consent. Removes the provisional credentials and
   * the pending activation.
   *
   * @param chosen the password, hashed by the realm's policy
   * @param termsVersion version of the CGU accepted, or null when the realm has none
   */
  void makePersonal(CredentialModel chosen, String termsVersion, Instant termsAcceptedAt) {
    CredentialModel password = PasswordCredentialModel.createFromCredentialModel(chosen);
    password.setId(null);
    password.setType(PasswordCredentialModel.TYPE);
    account.becomePersonal(Instant.now());
    account.replaceCredential(password);
    account.user().removeRequiredAction(ActivateRequiredAction.ID);
    if (termsVersion != null) {
      account.consent().accept(termsVersion, termsAcceptedAt);
    }
  }

  /** Records the event in the transaction of the activation (specification, rule 6). */
  void log(String clientId, Agency agency, String writtenIdentifier) {
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.REGISTER)
        .client(clientId)
        .user(account.user())
        .detail("agency", agency.getCodes())
        .detail("identifier", writtenIdentifier)
        .success();
  }
}
