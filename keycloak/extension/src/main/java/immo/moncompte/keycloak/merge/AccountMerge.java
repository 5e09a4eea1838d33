package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.MailLimits;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.Throttle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/**
 * Merges two personal accounts of one owner, who has activated twice: signed in to the one that
 * stays, with the password of the other and a link used from its mailbox (spec, rule 4).
 *
 * <p>Contracts, identifiers, contact details, memberships, merges that can be undone and what can
 * be disputed move; {@code sub}, address, password, name and consent are those of the account that
 * stays. The other address is free again.
 */
final class AccountMerge {

  private static final String PASSKEYS = "webauthn";

  private final KeycloakSession session;
  private final RealmModel realm;
  private final RealmSettings settings;

  AccountMerge(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
    this.settings = new RealmSettings(realm);
  }

  /**
   * What was asked for by an owner who is signed in and knows the other account's password.
   *
   * @param key of the link that the other address gets
   * @param stamp what {@link #stampOf} said of the other account when its password was checked
   * @param survivorId id of the account signed in with
   * @param source where it was asked from, for the limits of mail
   */
  record Request(
      LinkKey key,
      String stamp,
      String survivorId,
      String sessionId,
      String clientId,
      String locale,
      String source) {}

  /** A merge that waits for its link, with the two accounts as they are. */
  record Waiting(OwnerAccount goes, OwnerAccount survivor, PendingMerge pending) {

    /** Whether the account that goes is protected by more than a password. */
    boolean needsPasskey() {
      return goes.user()
          .credentialManager()
          .getStoredCredentialsStream()
          .anyMatch(credential -> credential.getType().startsWith(PASSKEYS));
    }
  }

  // ---- asked for

  /**
   * Keeps what was asked for until the link is used.
   *
   * @return the accounts, when the mail is to leave; empty within the cool-down, in which the link
   *     sent before stays good, beyond the limits of mail, and when an account has changed
   *     meanwhile
   */
  Optional<Waiting> begin(Request request) {
    RowLock locked =
        RowLock.lock(session, realm, List.of(request.key().userId(), request.survivorId()));
    Optional<OwnerAccount> goes = locked.get(request.key().userId()).filter(Merge::canReceive);
    Optional<OwnerAccount> survivor = locked.get(request.survivorId()).filter(Merge::canReceive);
    boolean unchanged =
        goes.isPresent() && stampOf(goes.get()).equals(request.stamp()) && survivor.isPresent();
    if (!unchanged || goes.get().id().equals(request.survivorId())) {
      return Optional.empty();
    }
    Instant now = Instant.now();
    Optional<PendingMerge> before =
        PendingMerge.of(goes.get())
            .filter(pending -> pending.survivorId().equals(request.survivorId()))
            .filter(pending -> holds(pending, goes.get(), survivor.get(), now));
    boolean coolingDown =
        before.filter(pending -> !cooldownOf(pending, now).isNegative()).isPresent();
    if (coolingDown || !mailAdmitted(goes.get(), request.source())) {
      return Optional.empty();
    }
    PendingMerge pending =
        new PendingMerge(
            LinkSecret.hash(request.key().secret()),
            survivor.get().id(),
            request.stamp(),
            stampOf(survivor.get()),
            now.plus(settings.verificationLinkLifetime()).getEpochSecond(),
            now.getEpochSecond(),
            request.sessionId(),
            request.clientId(),
            request.locale());
    pending.storeOn(goes.get());
    return Optional.of(new Waiting(goes.get(), survivor.get(), pending));
  }

  private Duration cooldownOf(PendingMerge pending, Instant now) {
    Instant next = Instant.ofEpochSecond(pending.sentAt()).plus(settings.resendCooldown());
    return Duration.between(now, next);
  }

  private boolean mailAdmitted(OwnerAccount goes, String source) {
    MailLimits limits = MailLimits.forSilentMails(session, realm);
    boolean fromSource = limits.admitSource(source) == Throttle.Admission.PASSES;
    boolean toRecipient = limits.admitsRecipient(goes.user().getEmail(), goes.id());
    return fromSource && toRecipient;
  }

  // ---- the link

  /** What a link is about, as long as it is good for both accounts as they are now. */
  Optional<Waiting> find(LinkKey key) {
    Optional<OwnerAccount> goes = usable(key.userId());
    Optional<PendingMerge> pending =
        goes.flatMap(PendingMerge::of)
            .filter(waiting -> LinkSecret.matches(key.secret(), waiting.linkHash()));
    Optional<OwnerAccount> survivor = pending.flatMap(waiting -> usable(waiting.survivorId()));
    if (survivor.isEmpty() || !holds(pending.get(), goes.get(), survivor.get(), Instant.now())) {
      return Optional.empty();
    }
    return Optional.of(new Waiting(goes.get(), survivor.get(), pending.get()));
  }

  private boolean holds(
      PendingMerge pending, OwnerAccount goes, OwnerAccount survivor, Instant now) {
    return now.getEpochSecond() < pending.expires()
        && pending.stamp().equals(stampOf(goes))
        && pending.survivorStamp().equals(stampOf(survivor));
  }

  /**
   * Tells an account with this address and password, nobody of whose sessions was ended, from the
   * same one after a change: a reset, a new address, being frozen.
   */
  String stampOf(OwnerAccount account) {
    int notBefore = session.users().getNotBeforeOfUser(realm, account.user());
    return LinkSecret.hash(
        account.user().getEmail() + " " + account.passwordStamp() + " " + notBefore);
  }

  private Optional<OwnerAccount> usable(String id) {
    UserModel user = session.users().getUserById(realm, id);
    return Optional.ofNullable(user).map(OwnerAccount::of).filter(Merge::canReceive);
  }

  /**
   * Uses the link: one transaction moves everything and takes the other account away.
   *
   * @return whether it was done; false when the link is no longer good
   */
  boolean merge(LinkKey key) {
    Optional<Waiting> waiting = find(key).filter(found -> !found.needsPasskey());
    if (waiting.isEmpty()) {
      return false;
    }
    // First, and committed: a session without its account could not be ended in its applications.
    RowLock.changeLocked(
        session,
        List.of(key.userId()),
        own ->
            own.get(key.userId())
                .ifPresent(
                    goes -> Sessions.endOthers(own.session(), own.realm(), goes.user(), null)));
    String survivorId = waiting.get().pending().survivorId();
    boolean merged =
        RowLock.inLockedTransaction(
            session,
            List.of(key.userId(), survivorId),
            own -> new AccountMerge(own.session(), own.realm()).mergeLocked(own, key, survivorId));
    if (merged) {
      UserModel survivor = session.users().getUserById(realm, survivorId);
      Sessions.endOthers(session, realm, survivor, waiting.get().pending().sessionId());
    }
    return merged;
  }

  private boolean mergeLocked(RowLock locked, LinkKey key, String survivorId) {
    // The user cache may still know an account that another click has taken away a moment ago.
    if (locked.get(key.userId()).isEmpty() || locked.get(survivorId).isEmpty()) {
      return false;
    }
    Optional<Waiting> found =
        find(key)
            .filter(waiting -> waiting.survivor().id().equals(survivorId))
            .filter(waiting -> !waiting.needsPasskey());
    if (found.isEmpty()) {
      return false;
    }
    OwnerAccount goes = found.get().goes();
    OwnerAccount survivor = found.get().survivor();
    goes.merges().forEach(older -> survivor.keepMerge(older, settings.unmergeLifetime()));
    MergeRecord record = Merge.move(goes, survivor, settings.unmergeLifetime());
    survivor.endPendingLinks();
    survivor.takeDisputesOf(goes);
    moveMemberships(goes.user(), survivor.user());
    String goneAddress = goes.user().getEmail();
    String goneName = goes.name();
    session.users().removeUser(realm, goes.user());
    logMerge(record, survivor, found.get().pending());
    new MergeMails(session, realm)
        .tellBoth(survivor, goneAddress, goneName, record, found.get().pending().locale());
    return true;
  }

  private void moveMemberships(UserModel from, UserModel to) {
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    organizations.getByMember(from).toList().stream()
        .filter(organization -> !organizations.isMember(organization, to))
        .forEach(organization -> organizations.addMember(organization, to));
  }

  /** An event for each identifier, so that each agency sees its own; no secret (rules 6, 10). */
  private void logMerge(MergeRecord record, OwnerAccount survivor, PendingMerge pending) {
    for (Contact contact : record.contacts()) {
      long contracts =
          record.contracts().stream()
              .filter(contract -> contract.agency().equalsIgnoreCase(contact.agency()))
              .filter(contract -> contract.identifier().equalsIgnoreCase(contact.identifier()))
              .count();
      new EventBuilder(realm, session, session.getContext().getConnection())
          .event(EventType.UPDATE_PROFILE)
          .client(pending.clientId())
          .user(survivor.user())
          .detail("action", "merge_accounts")
          .detail("merge_id", record.id())
          .detail("former_account", record.formerId())
          .detail("agency", contact.agency())
          .detail("identifier", contact.identifier())
          .detail("contracts", Long.toString(contracts))
          .success();
    }
  }
}
