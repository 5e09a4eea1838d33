package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Tells an owner that a passkey was added or removed. */
public final class PasskeyMails {

  private final KeycloakSession session;
  private final RealmModel realm;

  public PasskeyMails(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /** Tells that a passkey was added, with a link to dispute it. The account must be locked. */
  public void tellAdded(OwnerAccount account, String label) {
    String link = new Disputes(session, realm).open(account, Reason.PASSKEY_ADDED);
    Map<String, Object> attributes =
        Map.of("ownerName", account.name(), "passkeyLabel", label, "disputeLink", link);
    send(account.user(), "passkeyAddedSubject", "passkey-added.ftl", attributes);
  }

  public void tellRemoved(UserModel user) {
    Map<String, Object> attributes = Map.of("ownerName", OwnerAccount.of(user).name());
    send(user, "passkeyRemovedSubject", "passkey-removed.ftl", attributes);
  }

  private void send(UserModel user, String subject, String template, Map<String, Object> values) {
    String locale = session.getContext().resolveLocale(user).toLanguageTag();
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(user.getId(), user.getEmail(), locale, subject, template, values));
  }
}
