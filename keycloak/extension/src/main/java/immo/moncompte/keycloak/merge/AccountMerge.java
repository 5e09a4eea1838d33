package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.Origin;
import immo.moncompte.keycloak.core.Sessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/**
 * Merges two personal accounts of one owner, who has activated twice: signed in to the one that
 * stays, with the password of the other and a link used from its mailbox (specification, rule 4).
 *
 * <p>Contracts, identifiers, contact details, memberships, merges that can be undone and what can
 * be disputed move; {@code sub}, address, password, name and consent are those of the account that
 * stays. The other address is free again.
 */
record AccountMerge(KeycloakSession session, RealmModel realm) {

  /** Name of the session that asked, in the data of the link: it outlives the merge. */
  private static final String SESSION = "session";

  /** Name of the stamp of the account that stays, in the data of the link. */
  private static final String SURVIVOR_STAMP = "survivor-stamp";

  private static final String PASSKEYS = "webauthn";

  /**
   * What was asked for by an owner who is signed in and knows the other account's password.
   *
   * @param otherId id of the account that would go
   * @param stamp its {@link Links#stamp} when the password was checked
   * @param survivorId id of the account signed in with
   * @param sessionId the session of that account
   */
  record Request(
      String otherId, String stamp, String survivorId, String sessionId, Origin origin) {}

  /** A merge whose link is valid, with the two accounts as they are. */
  record Waiting(OwnerAccount goes, OwnerAccount survivor, MailLink link) {

    /** Whether the account that goes is protected by more than a password. */
    boolean needsPasskey() {
      return goes.user()
          .credentialManager()
          .getStoredCredentialsStream()
          .anyMatch(credential -> credential.getType().startsWith(PASSKEYS));
    }
  }

  /**
   * Sends the link to the account that would go. Nothing happens within the cool-down, beyond the
   * limits of mail, and when an account has changed meanwhile.
   */
  void send(Request request) {
    RowLock locked = RowLock.lock(session, realm, List.of(request.otherId(), request.survivorId()));
    Optional<OwnerAccount> goes =
        locked
            .get(request.otherId())
            .filter(Merge::canReceive)
            .filter(account -> links().stamp(account).equals(request.stamp()))
            .filter(account -> !account.id().equals(request.survivorId()));
    Optional<OwnerAccount> survivor = locked.get(request.survivorId()).filter(Merge::canReceive);
    if (goes.isEmpty() || survivor.isEmpty()) {
      return;
    }
    String survivorStamp = links().stamp(survivor.get());
    boolean isOutdated =
        goes.get()
            .links()
            .one(MailLink.Kind.MERGE_ACCOUNTS)
            .filter(link -> !survivorStamp.equals(link.get(SURVIVOR_STAMP)))
            .isPresent();
    if (isOutdated) {
      goes.get().links().remove(MailLink.Kind.MERGE_ACCOUNTS);
    }
    MailLink asked =
        MailLink.asked(
            MailLink.Kind.MERGE_ACCOUNTS,
            request.origin().clientId(),
            request.origin().locale(),
            Map.of(
                MailLink.TARGET,
                request.survivorId(),
                SURVIVOR_STAMP,
                survivorStamp,
                SESSION,
                request.sessionId()));
    String address = goes.get().user().getEmail();
    links()
        .send(
            goes.get(),
            asked,
            new Links.Recipient(address, request.origin().source(), List.of(), false, false),
            (link, key) ->
                new MergeMails(session, realm)
                    .sendLink(
                        new Waiting(goes.get(), survivor.get(), link),
                        key.url(request.origin().pages(), MergeAccountsPage.PATH)));
  }

  /** The merge that a link is about, as long as the account that stays has not changed either. */
  Optional<Waiting> waiting(Found found) {
    String survivorId = found.link().get(MailLink.TARGET);
    return Optional.ofNullable(session.users().getUserById(realm, survivorId))
        .map(OwnerAccount::new)
        .flatMap(survivor -> waiting(found, survivor));
  }

  private Optional<Waiting> waiting(Found found, OwnerAccount survivor) {
    boolean isUnchanged =
        Merge.canReceive(survivor)
            && links().stamp(survivor).equals(found.link().get(SURVIVOR_STAMP));
    return isUnchanged
        ? Optional.of(new Waiting(found.account(), survivor, found.link()))
        : Optional.empty();
  }

  /**
   * Uses the link: one transaction moves everything and deletes the other account.
   *
   * @return whether it was done; false when the link is not valid any more
   */
  boolean merge(LinkKey key, Waiting waiting) {
    // First, and committed: a session without its account could not be ended in its applications.
    RowLock.changeLocked(
        session,
        List.of(key.userId()),
        own ->
            own.get(key.userId())
                .ifPresent(
                    goes -> Sessions.endOthers(own.session(), own.realm(), goes.user(), null)));
    String survivorId = waiting.survivor().id();
    boolean isMerged =
        links()
            .use(
                MailLink.Kind.MERGE_ACCOUNTS,
                key,
                List.of(survivorId),
                (own, found) -> new AccountMerge(own.session(), own.realm()).merge(own, found))
            .isPresent();
    if (isMerged) {
      UserModel survivor = session.users().getUserById(realm, survivorId);
      Sessions.endOthers(session, realm, survivor, waiting.link().get(SESSION));
    }
    return isMerged;
  }

  /** The record of the merge; empty when one of the accounts has changed meanwhile. */
  private Optional<MergeRecord> merge(RowLock locked, Found found) {
    Optional<Waiting> waiting =
        locked
            .get(found.link().get(MailLink.TARGET))
            .flatMap(survivor -> waiting(found, survivor))
            .filter(one -> !one.needsPasskey());
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    OwnerAccount goes = found.account();
    OwnerAccount survivor = waiting.get().survivor();
    Duration undoable = RealmSettings.unmergeLifetime(realm);
    goes.merges().forEach(older -> older.keepOn(survivor, undoable));
    MergeRecord record = Merge.move(goes, survivor, undoable);
    survivor.links().end();
    Accounts.moveDisputes(goes, survivor);
    moveMemberships(goes.user(), survivor.user());
    String goneAddress = goes.user().getEmail();
    String goneName = goes.name();
    session.users().removeUser(realm, goes.user());
    logMerge(record, survivor, found.link().clientId());
    new MergeMails(session, realm)
        .tellBoth(survivor, goneAddress, goneName, record, found.link().locale());
    return Optional.of(record);
  }

  private void moveMemberships(UserModel from, UserModel to) {
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    organizations.getByMember(from).toList().stream()
        .filter(organization -> !organizations.isMember(organization, to))
        .forEach(organization -> organizations.addMember(organization, to));
  }

  /**
   * An event for each identifier, so that each agency sees its own; no secret (specification, rules
   * 6 and 10).
   */
  private void logMerge(MergeRecord record, OwnerAccount survivor, String clientId) {
    for (Contact contact : record.contacts()) {
      long contracts =
          record.contracts().stream()
              .filter(contract -> contract.agency().equalsIgnoreCase(contact.agency()))
              .filter(contract -> contract.identifier().equalsIgnoreCase(contact.identifier()))
              .count();
      new EventBuilder(realm, session, session.getContext().getConnection())
          .event(EventType.UPDATE_PROFILE)
          .client(clientId)
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

  private Links links() {
    return new Links(session, realm);
  }
}
