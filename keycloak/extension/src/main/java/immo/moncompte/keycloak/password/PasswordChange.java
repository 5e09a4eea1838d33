package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.Reason;
import java.util.HashMap;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;

/** A new password of a personal account, and what goes with it whichever way it was chosen. */
public final class PasswordChange {

  private final KeycloakSession session;
  private final RealmModel realm;

  public PasswordChange(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * Sets the password, ends what waits for a link (spec, rule 12) and confirms the change to the
   * owner (CNIL 2022-100), who can dispute it.
   *
   * @param account the account, locked by {@link immo.moncompte.keycloak.account.RowLock}
   * @param password a password that the realm's policy accepts
   * @param locale language of the mail
   */
  public void apply(OwnerAccount account, String password, String locale) {
    // Keycloak's own way: it keeps the history that the policy may ask for.
    account.user().credentialManager().updateCredential(UserCredentialModel.password(password));
    account.endLinks();
    confirm(account, locale);
  }

  private void confirm(OwnerAccount account, String locale) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("ownerName", account.name());
    attributes.put(
        "disputeLink", new Disputes(session, realm).open(account, Reason.PASSWORD_CHANGED));
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            account.id(),
            account.user().getEmail(),
            locale,
            "passwordChangedSubject",
            "password-changed.ftl",
            attributes));
  }
}
