package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.Origin;
import immo.moncompte.keycloak.core.OwnerMail;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The mails of an activation. They leave after the answer (specification, rule 7). */
record ActivationMails(KeycloakSession session, RealmModel realm) {

  /**
   * Sends M1. If the address already belongs to a personal account, it sends the mail that says
   * what to do. That is decided after the answer, so that no screen tells the two cases apart
   * (specification, rule 5).
   *
   * @param key of the link; M1 leads to the page that confirms, the other mail to the one that
   *     merges
   */
  void sendLink(PendingActivation pending, LinkKey key) {
    String source = session.getContext().getConnection().getRemoteHost();
    String email = pending.email();
    OwnerMail confirmation =
        mail("activation", pending, key.url(session, ActivationPage.PATH))
            .with("identifier", pending.writtenIdentifier())
            .with("ownerName", pending.account().name());
    // Without a name: the holder of the address may be somebody else than the letter names.
    OwnerMail taken =
        mail("activation-address-taken", pending, key.url(session, Activation.MERGE_PATH))
            .with("identifier", pending.writtenIdentifier());
    MailQueue.afterCommit(
        session,
        "activation",
        own -> {
          Optional<OwnerAccount> holder =
              Accounts.findPersonal(own, own.getContext().getRealm(), email);
          if (holder.isEmpty()) {
            confirmation.send(own);
            return;
          }
          logTaken(own, holder.get(), source);
          taken.about(holder.get()).send(own);
        });
  }

  /**
   * Sends the link of an activation by mail, to an owner who asked at S9 and never activated. If
   * the address already belongs to a personal account, it sends the mail that says what to do.
   * Neither names the identifier: the agency may hold an address that is somebody else's by now
   * (specification, rule 2).
   */
  void sendMailedLink(PendingActivation pending, LinkKey key, Origin origin) {
    Optional<OwnerAccount> holder = Accounts.findPersonal(session, realm, pending.email());
    if (holder.isPresent()) {
      new OwnerMail(
              "activation-by-mail-taken", holder.get(), pending.email(), pending.link().locale())
          .withAgency(pending.agency())
          .with("loginUrl", LoginLink.withHint(origin.applicationUrl(), pending.email()))
          .queue(session);
      return;
    }
    mail("activation-by-mail", pending, key.url(origin.pages(), ActivationByMailPage.PATH))
        .with("ownerName", pending.account().name())
        .queue(session);
  }

  private OwnerMail mail(String name, PendingActivation pending, String link) {
    return new OwnerMail(name, pending.account(), pending.email(), pending.link().locale())
        .withAgency(pending.agency())
        .withLink(link, RealmSettings.verificationLinkLifetime(realm));
  }

  /**
   * Records on the personal account that an activation was asked for with its address, at S4 or by
   * sending the mail again. It is recorded after the answer, because a slower answer would tell
   * that the account exists.
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
  void tellSuggestedAddress(PendingActivation pending, String suggested) {
    new OwnerMail("activation-other-address", pending.account(), suggested, pending.link().locale())
        .withAgency(pending.agency())
        .with("identifier", pending.writtenIdentifier())
        .with("maskedAddress", EmailAddress.masked(pending.email()))
        .queue(session);
  }
}
