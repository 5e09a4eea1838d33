package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.MailQueue.OwnerMail;
import immo.moncompte.keycloak.core.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The mails of a change of address. */
final class AddressMails {

  private static final Map<String, String> SUBJECTS =
      Map.of(
          "address-change.ftl", "addressChangeSubject",
          "address-taken.ftl", "addressTakenSubject",
          "address-changed.ftl", "addressChangedSubject");

  private final KeycloakSession session;
  private final RealmModel realm;

  AddressMails(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * The link to the new address; or, when that is another account's, a mail that says so and what
   * to do. Which one is decided after the answer has left: nothing on the screens, and no time,
   * tells the two cases apart.
   *
   * @param link address of the page that confirms
   */
  void sendLink(AddressChange.Waiting waiting, String link) {
    PendingAddress pending = waiting.pending();
    OwnerAccount account = waiting.account();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("maskedAddress", Addresses.masked(account.user().getEmail()));
    attributes.put("link", link);
    attributes.put("linkHours", new RealmSettings(realm).verificationLinkLifetime().toHours());
    OwnerMail verification =
        mail(account.id(), pending.email(), pending, "address-change.ftl", attributes);
    Map<String, Object> takenAttributes = new HashMap<>();
    takenAttributes.put(
        "loginUrl",
        LoginLink.ofApplication(
            session, realm.getClientByClientId(pending.clientId()), pending.email()));
    String source = session.getContext().getConnection().getRemoteHost();
    MailQueue.afterCommit(
        session,
        realm.getId(),
        "address-change",
        own -> {
          Optional<OwnerAccount> holder =
              OwnerAccount.findPersonal(own, own.getContext().getRealm(), pending.email());
          if (holder.isEmpty()) {
            verification.send(own);
            return;
          }
          logTaken(own, account.id(), pending, source);
          mail(holder.get().id(), pending.email(), pending, "address-taken.ftl", takenAttributes)
              .send(own);
        });
  }

  /**
   * An event on the account whose owner asked, so that the operator sees who tries one address
   * after the other. Written here, after the answer, because writing it before would tell by its
   * time that the address has an account.
   */
  private static void logTaken(
      KeycloakSession own, String userId, PendingAddress pending, String source) {
    new EventBuilder(own.getContext().getRealm(), own)
        .ipAddress(source)
        .event(EventType.UPDATE_EMAIL)
        .client(pending.clientId())
        .user(userId)
        .error(Errors.EMAIL_IN_USE);
  }

  /** Tells the address that counted until now that another one has taken its place. */
  void tellFormerAddress(OwnerAccount account, PendingAddress pending, String former) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(
        "disputeLink",
        new Disputes(session, realm)
            .open(account, Reason.ADDRESS_CHANGED, Addresses.masked(pending.email())));
    attributes.put("ownerName", account.name());
    attributes.put("maskedAddress", Addresses.masked(pending.email()));
    MailQueue.toOwner(
        session, realm, mail(account.id(), former, pending, "address-changed.ftl", attributes));
  }

  private static OwnerMail mail(
      String userId,
      String address,
      PendingAddress pending,
      String template,
      Map<String, Object> attributes) {
    return new OwnerMail(
        userId, address, pending.locale(), SUBJECTS.get(template), template, attributes);
  }
}
