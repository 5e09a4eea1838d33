package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.ProvedAddress;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.Links.Sending;
import immo.moncompte.keycloak.core.ProvedPassword;
import immo.moncompte.keycloak.core.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;

/**
 * Gives a personal account another address. Its owner asks for it, and the link in a mail to the
 * new address does it. Until then nothing changes, and anybody may use that address (specification,
 * rule 2).
 */
record AddressChange(KeycloakSession session, RealmModel realm) {

  /** Name of the id of the session that asked, in the data of the link: it outlives the change. */
  static final String SESSION = "session";

  /** What came of using the link. */
  enum Outcome {
    CHANGED,
    TAKEN
  }

  /**
   * Who asks.
   *
   * @param userId the account
   * @param passwordStamp the password it had when the page was shown; with another one by now,
   *     nothing is begun
   * @param sessionId the session of the owner
   * @param clientId the application the owner came from
   * @param browserSecret a secret for a cookie of this browser, of use when the mail was sent
   */
  record Asking(
      String userId,
      String passwordStamp,
      String sessionId,
      String clientId,
      String browserSecret) {}

  /**
   * Asks for the mail to a new address, in a transaction of its own. The address may be somebody
   * else's: that is found out after the answer, and only the mail tells it.
   *
   * @param email the new address, lower case
   */
  Sending ask(Asking asking, String email) {
    return RowLock.inLockedTransaction(
        session,
        List.of(asking.userId()),
        own ->
            own.get(asking.userId())
                .filter(account -> account.isPersonal() && account.user().isEnabled())
                .filter(account -> ProvedPassword.stamp(account).equals(asking.passwordStamp()))
                .map(account -> new AddressChange(own.session(), own.realm()))
                .map(change -> change.send(own.get(asking.userId()).get(), asking, email))
                .orElse(Sending.ENDED));
  }

  private Sending send(OwnerAccount account, Asking asking, String email) {
    MailLink asked =
        MailLink.asked(
            MailLink.Kind.ADDRESS,
            asking.clientId(),
            session.getContext().resolveLocale(account.user()).toLanguageTag(),
            Map.of(
                MailLink.TARGET,
                email,
                MailLink.BROWSER,
                LinkSecret.hash(asking.browserSecret()),
                SESSION,
                asking.sessionId()));
    String source = Source.of(session);
    return links()
        .send(
            account,
            asked,
            new Links.Recipient(email, source, agencies(account), true, false),
            (link, key) ->
                new AddressMails(session, realm)
                    .sendLink(account, link, key.url(session, AddressPage.PATH)));
  }

  /** Aliases of the agencies that know the account. */
  private static List<String> agencies(OwnerAccount account) {
    return account.contacts().stream()
        .flatMap(contact -> AgencyCodes.parse(contact.agency()).stream())
        .map(AgencyCodes::alias)
        .distinct()
        .toList();
  }

  /** The change that waits for its link. */
  Optional<MailLink> pending(OwnerAccount account) {
    return links().valid(account, MailLink.Kind.ADDRESS);
  }

  /** Ends the change that waits on an account, in a transaction of its own. */
  void cancel(String userId) {
    RowLock.changeLocked(
        session,
        List.of(userId),
        own -> own.get(userId).ifPresent(one -> one.links().remove(MailLink.Kind.ADDRESS)));
  }

  /**
   * Uses the link: one transaction gives the account its new address as email and username. Of
   * several accounts that want one address, the first gets it.
   *
   * @return what came of it; empty when the link is not valid any more
   */
  Optional<Outcome> confirm(LinkKey key) {
    try {
      return links()
          .use(
              MailLink.Kind.ADDRESS,
              key,
              List.of(),
              (own, found) ->
                  Optional.of(new AddressChange(own.session(), own.realm()).confirmLocked(found)));
    } catch (ModelDuplicateException e) {
      return Optional.of(Outcome.TAKEN);
    }
  }

  private Outcome confirmLocked(Found found) {
    OwnerAccount account = found.account();
    EventBuilder event = event(found);
    ProvedAddress address = new ProvedAddress(session, realm, found.link().get(MailLink.TARGET));
    if (address.isTakenFrom(account)) {
      event.error(Errors.EMAIL_IN_USE);
      return Outcome.TAKEN;
    }
    String before = account.user().getEmail();
    address.giveTo(account);
    account.links().end();
    event.success();
    new AddressMails(session, realm).tellFormerAddress(account, found.link(), before);
    return Outcome.CHANGED;
  }

  /** Who, what and when; the addresses masked (specification, rule 6). */
  private EventBuilder event(Found found) {
    String email = found.link().get(MailLink.TARGET);
    return new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.UPDATE_EMAIL)
        .client(found.link().clientId())
        .user(found.account().user())
        .detail(Details.PREVIOUS_EMAIL, EmailAddress.masked(found.account().user().getEmail()))
        .detail(Details.UPDATED_EMAIL, EmailAddress.masked(email));
  }

  Links links() {
    return new Links(session, realm);
  }
}
