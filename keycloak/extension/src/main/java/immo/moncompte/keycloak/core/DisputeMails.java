package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Tells the address of an account that it was frozen. */
public final class DisputeMails {

  private final KeycloakSession session;
  private final RealmModel realm;

  public DisputeMails(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  public void tellOwner(OwnerAccount account) {
    String address = account.user().getEmail();
    if (address == null) {
      return; // An administrator has taken the address away: there is nowhere to write to.
    }
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            account.id(),
            address,
            session.getContext().resolveLocale(account.user()).toLanguageTag(),
            "frozenSubject",
            "frozen.ftl",
            Map.of("ownerName", account.name())));
  }
}
