package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Sends, finds and uses the links in mails.
 *
 * <p>A link is valid if the hash of its secret, its life and its stamp match. The stamp is a hash
 * of what the link depends on. So a link is invalid once the account's address, password or state
 * changes, whoever changes it and on whichever node (specification, rules 3 and 12).
 */
public record Links(KeycloakSession session, RealmModel realm) {

  /** How long the page that says that a password was reset can be opened again. */
  private static final Duration DONE_LIFETIME = Duration.ofMinutes(15);

  /** How long after it was due a release that no agency carried out is forgotten. */
  private static final Duration RELEASE_LIFETIME = Duration.ofDays(30);

  /** What came of asking for a mail with a link. */
  public enum Sending {
    SENT,
    /** The last link stays valid. */
    COOLING_DOWN,
    TOO_MANY,
    /** The account has changed meanwhile. */
    ENDED
  }

  /** A valid link and its account. */
  public record Found(OwnerAccount account, MailLink link) {}

  /**
   * Who gets a mail, and which limits it counts against.
   *
   * @param address where it goes
   * @param source where it was asked from, see {@link Source#of}; null if that was counted before
   * @param agencies aliases of the agencies that it counts against
   * @param isTold whether the visitor is told whether the mail leaves
   * @param isOwed whether it leaves even over the recipient's limit while no link of its kind is
   *     valid, so that asking often keeps no owner from getting one
   */
  public record Recipient(
      String address, String source, Collection<String> agencies, boolean isTold, boolean isOwed) {}

  // ---- sending

  /**
   * Sends a new link, which replaces the last one of its kind.
   *
   * @param account the account, locked
   * @param asked the link that was asked for
   * @param mail sends the mail, once the transaction has been committed
   */
  public Sending send(
      OwnerAccount account,
      MailLink asked,
      Recipient recipient,
      BiConsumer<MailLink, LinkKey> mail) {
    Optional<MailLink> last =
        account.links().one(asked.kind()).filter(link -> isValid(account, link));
    boolean isRepeated = last.filter(asked::hasTargetOf).isPresent();
    if (isRepeated && !cooldown(last.get()).isZero()) {
      return Sending.COOLING_DOWN;
    }
    if (!admits(account, recipient, last.isPresent())) {
      return Sending.TOO_MANY;
    }
    LinkKey key = make(account, asked);
    mail.accept(account.links().one(asked.kind()).orElseThrow(), key);
    return Sending.SENT;
  }

  /** Puts a new link on an account, without a limit and without a mail. */
  public LinkKey make(OwnerAccount account, MailLink asked) {
    String secret = LinkSecret.generate();
    Instant now = Instant.now();
    MailLink link =
        asked.sent(
            LinkSecret.hash(secret),
            now,
            now.plus(lifetime(asked.kind())),
            asked.kind().outlivesChanges() ? null : stamp(account));
    account.links().add(link);
    return new LinkKey(account.id(), secret);
  }

  /** How long until the mail of a link may be asked for again. */
  public Duration cooldown(MailLink link) {
    Instant next = Instant.ofEpochSecond(link.sentAt()).plus(RealmSettings.resendCooldown(realm));
    Duration left = Duration.between(Instant.now(), next);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /**
   * Counts the mail, and says whether it may leave (specification, rule 8). What one limit refuses
   * does not count against the next.
   */
  private boolean admits(OwnerAccount account, Recipient recipient, boolean hasValidLink) {
    MailLimits limits =
        recipient.isTold()
            ? MailLimits.forToldMails(session, realm)
            : MailLimits.forSilentMails(session, realm);
    boolean isFromSource =
        recipient.source() == null
            || limits.admitSource(recipient.source()) == Throttle.Admission.PASSES;
    boolean isNeeded = recipient.isOwed() && !hasValidLink;
    return isFromSource
        && (limits.admitsRecipient(recipient.address(), account.id()) || isNeeded)
        && recipient.agencies().stream().allMatch(limits::admitsAgency);
  }

  private Duration lifetime(MailLink.Kind kind) {
    return switch (kind) {
      case RESET -> RealmSettings.resetLinkLifetime(realm);
      case RESET_DONE -> DONE_LIFETIME;
      case DISPUTE -> RealmSettings.disputeLinkLifetime(realm);
      case RELEASE -> RealmSettings.releaseDelay(realm).plus(RELEASE_LIFETIME);
      default -> RealmSettings.verificationLinkLifetime(realm);
    };
  }

  // ---- finding

  /** The link of a key, if it is valid. */
  public Optional<Found> find(MailLink.Kind kind, LinkKey key) {
    return account(kind, key).flatMap(account -> find(account, kind, key));
  }

  /** Only the links of disputes outlive a merge: they move to the account that stays. */
  private Optional<OwnerAccount> account(MailLink.Kind kind, LinkKey key) {
    return kind == MailLink.Kind.DISPUTE
        ? Accounts.findPresent(session, realm, key.userId())
        : Optional.ofNullable(session.users().getUserById(realm, key.userId()))
            .map(OwnerAccount::new);
  }

  private Optional<Found> find(OwnerAccount account, MailLink.Kind kind, LinkKey key) {
    return account.links().all().stream()
        .filter(link -> link.kind() == kind && LinkSecret.matches(key.secret(), link.hash()))
        .filter(link -> isValid(account, link))
        .findFirst()
        .map(link -> new Found(account, link));
  }

  /** The valid link of a kind of which an account has one. */
  public Optional<MailLink> valid(OwnerAccount account, MailLink.Kind kind) {
    return account.links().one(kind).filter(link -> isValid(account, link));
  }

  /** The link of a kind of which an account has one, however old, if the account is the same. */
  public Optional<MailLink> current(OwnerAccount account, MailLink.Kind kind) {
    return account.links().one(kind).filter(link -> isCurrent(account, link));
  }

  private boolean isValid(OwnerAccount account, MailLink link) {
    return !link.isExpired(Instant.now()) && isCurrent(account, link);
  }

  /** Removes the links of a locked account that are invalid because the account has changed. */
  public void removeInvalid(OwnerAccount account) {
    List<MailLink> left =
        account.links().all().stream()
            .filter(link -> link.kind().outlivesChanges() || isCurrent(account, link))
            .toList();
    if (left.size() < account.links().all().size()) {
      account.links().set(left);
    }
  }

  /** Whether the account is still what it was when the link was made, however old that is. */
  private boolean isCurrent(OwnerAccount account, MailLink link) {
    return isUsable(account, link.kind())
        && (link.stamp() == null || link.stamp().equals(stamp(account)));
  }

  /** A release can be refused while nobody can use the account, too: the delay goes on. */
  private static boolean isUsable(OwnerAccount account, MailLink.Kind kind) {
    if (kind == MailLink.Kind.RELEASE) {
      return true;
    }
    return account.isPersonal()
        ? account.user().isEnabled()
        : account.canBeActivated(Instant.now());
  }

  /** A hash of what a link depends on: with another one, the link is invalid. */
  public String stamp(OwnerAccount account) {
    List<Object> parts = new ArrayList<>();
    parts.add(account.isPersonal());
    parts.add(account.user().isEnabled());
    parts.add(account.user().getEmail());
    parts.add(account.user().isEmailVerified());
    parts.add(account.suggestedEmail());
    parts.add(ProvedPassword.stamp(account));
    parts.add(account.credential(OwnerAccount.PROVISIONAL_PASSWORD).map(one -> one.getId()));
    parts.add(session.users().getNotBeforeOfUser(realm, account.user()));
    return LinkSecret.hash(Objects.toString(parts));
  }

  // ---- using

  /**
   * Uses a link in a transaction that locks its account. Of several that use it at once, one finds
   * it valid.
   *
   * @param others ids of further accounts to lock
   * @param work changes the account, so that the link is invalid afterwards
   * @return what the work gives; empty also if the link is not valid any more
   */
  public <T> Optional<T> use(
      MailLink.Kind kind,
      LinkKey key,
      Collection<String> others,
      BiFunction<RowLock, Found, Optional<T>> work) {
    Optional<String> id = find(kind, key).map(found -> found.account().id());
    if (id.isEmpty()) {
      return Optional.empty();
    }
    List<String> ids = new ArrayList<>(others);
    ids.add(id.get());
    return RowLock.inLockedTransaction(
        session,
        ids,
        own ->
            own.get(id.get())
                .flatMap(account -> new Links(own.session(), own.realm()).find(account, kind, key))
                .flatMap(found -> work.apply(own, found)));
  }
}
