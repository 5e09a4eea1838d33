package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.ProvedAddress;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.MailLimits;
import immo.moncompte.keycloak.core.Source;
import immo.moncompte.keycloak.core.Throttle.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;

/**
 * Gives a personal account another address: asked for by its owner, and done by the link in a mail
 * to the new one. Until then nothing changes, and nobody is kept from using it (spec, rule 2).
 */
final class AddressChange {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final RealmSettings settings;

  AddressChange(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
    this.settings = new RealmSettings(realm);
  }

  /** What came of asking for the mail. */
  enum Sending {
    SENT,
    COOLING_DOWN,
    TOO_MANY,
    ENDED
  }

  /** What came of using the link. */
  enum Outcome {
    CHANGED,
    TAKEN,
    ENDED
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

  /** An account and the change of address that waits on it. */
  record Waiting(OwnerAccount account, PendingAddress pending) {}

  /**
   * Asks for the mail to a new address, in a transaction of its own. The address may be somebody
   * else's: that is found out after the answer, and told in the mail only.
   *
   * @param email the new address, lower case
   */
  Sending ask(Asking asking, String email) {
    return inTransaction(asking.userId(), (own, found) -> own.askLocked(found, asking, email));
  }

  private Sending askLocked(Optional<OwnerAccount> locked, Asking asking, String email) {
    Optional<OwnerAccount> found =
        locked
            .filter(account -> account.isPersonal() && account.user().isEnabled())
            .filter(account -> account.passwordStamp().equals(asking.passwordStamp()));
    if (found.isEmpty()) {
      return Sending.ENDED;
    }
    OwnerAccount account = found.get();
    Optional<PendingAddress> before =
        PendingAddress.of(account).filter(pending -> pending.email().equals(email));
    if (before.isPresent() && !cooldown(before.get()).isZero()) {
      return Sending.COOLING_DOWN;
    }
    if (!mailAdmitted(account, email)) {
      return Sending.TOO_MANY;
    }
    send(account, asking, email);
    return Sending.SENT;
  }

  /** How long until the mail may be asked for again. */
  Duration cooldown(PendingAddress pending) {
    Instant next = Instant.ofEpochSecond(pending.sentAt()).plus(settings.resendCooldown());
    Duration left = Duration.between(Instant.now(), next);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private boolean mailAdmitted(OwnerAccount account, String email) {
    MailLimits limits = new MailLimits(session, realm);
    String source = Source.of(session.getContext().getConnection());
    boolean fromSource = limits.admitSource(source) == Admission.PASSES;
    boolean toRecipient = limits.admitsRecipient(email, account.id());
    return fromSource && toRecipient && agencies(account).stream().allMatch(limits::admitsAgency);
  }

  /** Aliases of the agencies that know the account. */
  private static List<String> agencies(OwnerAccount account) {
    return account.contacts().stream()
        .map(contact -> contact.agency().split("/"))
        .flatMap(codes -> AgencyCodes.parse(codes[0], codes[1]).stream())
        .map(AgencyCodes::alias)
        .distinct()
        .toList();
  }

  private void send(OwnerAccount account, Asking asking, String email) {
    String secret = LinkSecret.generate();
    Instant now = Instant.now();
    Locale locale = session.getContext().resolveLocale(account.user());
    PendingAddress pending =
        new PendingAddress(
            email,
            LinkSecret.hash(secret),
            LinkSecret.hash(asking.browserSecret()),
            now.plus(settings.verificationLinkLifetime()).getEpochSecond(),
            now.getEpochSecond(),
            asking.passwordStamp(),
            asking.sessionId(),
            asking.clientId(),
            locale.toLanguageTag());
    pending.storeOn(account);
    new AddressMails(session, realm)
        .sendLink(
            new Waiting(account, pending),
            new LinkKey(account.id(), secret).url(session, AddressPage.PATH));
  }

  /** Ends what waits on an account, in a transaction of its own. */
  void cancel(String userId) {
    RowLock.changeLocked(
        session,
        List.of(userId),
        own -> own.get(userId).ifPresent(OwnerAccount::endPendingAddress));
  }

  /** The account and what waits on it, when the key is good: right, not expired, not replaced. */
  Optional<Waiting> find(LinkKey key) {
    return Optional.ofNullable(session.users().getUserById(realm, key.userId()))
        .map(OwnerAccount::of)
        .flatMap(account -> waiting(account, key));
  }

  private static Optional<Waiting> waiting(OwnerAccount account, LinkKey key) {
    return PendingAddress.of(account)
        .filter(pending -> pending.isOpenedBy(key.secret()))
        .map(pending -> new Waiting(account, pending));
  }

  /**
   * Uses the link: one transaction in which email and username become the new address. Of several
   * accounts that want one address the first wins.
   */
  Outcome confirm(LinkKey key) {
    try {
      return inTransaction(key.userId(), (own, found) -> own.confirmLocked(found, key));
    } catch (ModelDuplicateException e) {
      return Outcome.TAKEN;
    }
  }

  private Outcome confirmLocked(Optional<OwnerAccount> locked, LinkKey key) {
    Optional<Waiting> found = locked.flatMap(account -> waiting(account, key));
    if (found.isEmpty()) {
      return Outcome.ENDED;
    }
    OwnerAccount account = found.get().account();
    PendingAddress pending = found.get().pending();
    EventBuilder event = event(pending, account);
    ProvedAddress address = new ProvedAddress(session, realm, pending.email());
    if (address.isTakenFrom(account)) {
      event.error(Errors.EMAIL_IN_USE);
      return Outcome.TAKEN;
    }
    String before = account.user().getEmail();
    address.giveTo(account);
    account.endPendingLinks();
    event.success();
    new AddressMails(session, realm).tellFormerAddress(account, pending, before);
    return Outcome.CHANGED;
  }

  /** Who, what and when; the addresses masked (spec, rule 6). */
  private EventBuilder event(PendingAddress pending, OwnerAccount account) {
    return new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.UPDATE_EMAIL)
        .client(pending.clientId())
        .user(account.user())
        .detail(Details.PREVIOUS_EMAIL, Addresses.masked(account.user().getEmail()))
        .detail(Details.UPDATED_EMAIL, Addresses.masked(pending.email()));
  }

  private <T> T inTransaction(
      String userId, BiFunction<AddressChange, Optional<OwnerAccount>, T> work) {
    return RowLock.inLockedTransaction(
        session,
        List.of(userId),
        own -> work.apply(new AddressChange(own.session(), own.realm()), own.get(userId)));
  }
}
