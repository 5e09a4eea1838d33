package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.core.Reason;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;

/** Sets a new password of a personal account, whichever way it was chosen. */
public record PasswordChange(KeycloakSession session, RealmModel realm) {

  /**
   * Sets the password, ends pending links (specification, rule 12) and confirms the change to the
   * owner, who can dispute it (CNIL 2022-100).
   *
   * @param account the account, locked by {@link immo.moncompte.keycloak.account.RowLock}
   * @param password a password that the realm's policy accepts
   * @param locale language of the mail
   */
  public void apply(OwnerAccount account, String password, String locale) {
    // Keycloak's method, because it keeps the history that a policy may need.
    account.user().credentialManager().updateCredential(UserCredentialModel.password(password));
    account.links().end();
    String link = new Disputes(session, realm).open(account, Reason.PASSWORD_CHANGED);
    new OwnerMail("password-changed", account, account.user().getEmail(), locale)
        .with("ownerName", account.name())
        .with("disputeLink", link)
        .queue(session);
  }
}
