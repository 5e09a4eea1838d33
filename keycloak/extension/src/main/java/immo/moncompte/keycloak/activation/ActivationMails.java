package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.MailQueue.OwnerMail;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The mails of an activation. They leave after the answer (specification, rule 7). */
final class ActivationMails {

  private final KeycloakSession session;
  private final RealmModel realm;

  ActivationMails(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * Sends M1. If the address already belongs to a personal account, it sends the mail that says
   * what to do. That is decided after the answer, so that no screen tells the two cases apart
   * (specification, rule 5).
   *
   * @param key of the link; M1 leads to the page that confirms, the other mail to the one that
   *     merges
   */
  void sendLink(WaitingActivation waiting, LinkKey key) {
    OwnerAccount account = waiting.account();
    String email = waiting.email();
    String locale = waiting.link().locale();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("agencyName", waiting.agency().getName());
    attributes.put("identifier", waiting.writtenIdentifier());
    attributes.put("ownerName", account.name());
    attributes.put("link", key.url(session, ActivationPage.PATH));
    attributes.put("linkHours", RealmSettings.verificationLinkLifetime(realm).toHours());
    OwnerMail confirmation =
        new OwnerMail(
            account.id(), email, locale, "activationSubject", "activation.ftl", attributes);
    Map<String, Object> takenAttributes = new HashMap<>(attributes);
    // This mail goes to the owner of the address. That may be somebody else than the letter names.
    takenAttributes.remove("ownerName");
    takenAttributes.put("link", key.url(session, Activation.MERGE_PATH));
    String source = session.getContext().getConnection().getRemoteHost();
    MailQueue.afterCommit(
        session,
        realm.getId(),
        "activation",
        own -> {
          Optional<OwnerAccount> holder =
              Accounts.findPersonal(own, own.getContext().getRealm(), email);
          if (holder.isEmpty()) {
            confirmation.send(own);
            return;
          }
          logTaken(own, holder.get(), source);
          new OwnerMail(
                  holder.get().id(),
                  email,
                  locale,
                  "activationAddressTakenSubject",
                  "activation-address-taken.ftl",
                  takenAttributes)
              .send(own);
        });
  }

  /**
   * Sends the link of an activation by mail, to an owner who asked at S9 and never activated. If
   * the address already belongs to a personal account, it sends the mail that says what to do.
   *
   * @param link address of the page that activates
   */
  void sendMailedLink(WaitingActivation waiting, String link, Activation.Asked asked) {
    String email = waiting.email();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("agencyName", waiting.agency().getName());
    Optional<OwnerAccount> holder = Accounts.findPersonal(session, realm, email);
    if (holder.isPresent()) {
      attributes.put("loginUrl", LoginLink.withHint(asked.applicationUrl(), email));
      MailQueue.toOwner(
          session,
          realm,
          new OwnerMail(
              holder.get().id(),
              email,
              asked.locale(),
              "activationByMailTakenSubject",
              "activation-by-mail-taken.ftl",
              attributes));
      return;
    }
    attributes.put("identifier", waiting.writtenIdentifier());
    attributes.put("ownerName", waiting.account().name());
    attributes.put("link", link);
    attributes.put("linkHours", RealmSettings.verificationLinkLifetime(realm).toHours());
    MailQueue.toOwner(
        session,
        realm,
        new OwnerMail(
            waiting.account().id(),
            email,
            asked.locale(),
            "activationByMailSubject",
            "activation-by-mail.ftl",
            attributes));
  }

  /**
   * Records a wrong password on the personal account: somebody chose its address at S4, with
   * another password. It is recorded after the answer, because a slower answer would tell that the
   * account exists.
   */
  private static void logTaken(KeycloakSession own, OwnerAccount holder, String source) {
    new EventBuilder(own.getContext().getRealm(), own)
        .ipAddress(source)
        .event(EventType.LOGIN)
        .user(holder.user())
        .detail("screen", "password")
        .error(Errors.INVALID_USER_CREDENTIALS);
  }

  /** Tells the suggested address that the owner chose another one (specification, rule 2). */
  void tellSuggestedAddress(WaitingActivation waiting, String suggested) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("agencyName", waiting.agency().getName());
    attributes.put("identifier", waiting.writtenIdentifier());
    attributes.put("maskedAddress", Addresses.masked(waiting.email()));
    attributes.put("agencyPhone", Objects.requireNonNullElse(waiting.agency().getPhone(), ""));
    attributes.put("agencyEmail", Objects.requireNonNullElse(waiting.agency().getEmail(), ""));
    MailQueue.toOwner(
        session,
        realm,
        new OwnerMail(
            waiting.account().id(),
            suggested,
            waiting.link().locale(),
            "activationOtherAddressSubject",
            "activation-other-address.ftl",
            attributes));
  }
}
