package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.core.Reason;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The mails of a change of address. */
record AddressMails(KeycloakSession session, RealmModel realm) {

  /**
   * Sends the link to the new address. If that is another account's, the mail says so and what to
   * do. Which one it is, is decided after the answer: neither words nor time tell the two apart
   * (specification, rule 7).
   *
   * @param pending the link as the account keeps it
   * @param link address of the page that confirms
   */
  void sendLink(OwnerAccount account, MailLink pending, String link) {
    String email = pending.get(MailLink.TARGET);
    OwnerMail verification =
        new OwnerMail("address-change", account, email, pending.locale())
            .with("maskedAddress", EmailAddress.masked(account.user().getEmail()))
            .withLink(link, RealmSettings.verificationLinkLifetime(realm));
    String loginUrl =
        LoginLink.ofApplication(session, realm.getClientByClientId(pending.clientId()), email);
    String source = session.getContext().getConnection().getRemoteHost();
    MailQueue.afterCommit(
        session,
        "address-change",
        own -> {
          Optional<OwnerAccount> holder =
              Accounts.findPersonal(own, own.getContext().getRealm(), email);
          if (holder.isEmpty()) {
            verification.send(own);
            return;
          }
          logTaken(own, account.id(), pending, source);
          new OwnerMail("address-taken", holder.get(), email, pending.locale())
              .with("loginUrl", loginUrl)
              .send(own);
        });
  }

  /**
   * An event on the account whose owner asked, so that the operator sees who tries one address
   * after the other. Written here, after the answer, because writing it before would tell by its
   * time that the address has an account.
   */
  private static void logTaken(
      KeycloakSession own, String userId, MailLink pending, String source) {
    new EventBuilder(own.getContext().getRealm(), own)
        .ipAddress(source)
        .event(EventType.UPDATE_EMAIL)
        .client(pending.clientId())
        .user(userId)
        .error(Errors.EMAIL_IN_USE);
  }

  /** Tells the address that counted until now that another one has taken its place. */
  void tellFormerAddress(OwnerAccount account, MailLink pending, String former) {
    String masked = EmailAddress.masked(pending.get(MailLink.TARGET));
    String link = new Disputes(session, realm).open(account, Reason.ADDRESS_CHANGED, masked);
    new OwnerMail("address-changed", account, former, pending.locale())
        .with("ownerName", account.name())
        .with("maskedAddress", masked)
        .with("disputeLink", link)
        .queue(session);
  }
}
