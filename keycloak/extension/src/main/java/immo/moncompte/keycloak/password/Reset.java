package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.BruteForce;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Passkeys;
import immo.moncompte.keycloak.core.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Gives a personal account a new password by a link in a mail (S10). */
final class Reset {

  /** How long the page that says it is done can be come back to. */
  private static final Duration DONE_LIFETIME = Duration.ofMinutes(15);

  private final KeycloakSession session;
  private final RealmModel realm;

  Reset(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /** The account and what waits on it, when the key is good: right, not expired, not replaced. */
  Optional<WaitingReset> find(LinkKey key) {
    return account(key).flatMap(account -> waiting(account, key)).filter(one -> !one.isDone());
  }

  /** The account whose password was reset a moment ago, by the key that {@link #complete} gave. */
  Optional<WaitingReset> findDone(LinkKey key) {
    return account(key).flatMap(account -> waiting(account, key)).filter(WaitingReset::isDone);
  }

  private Optional<OwnerAccount> account(LinkKey key) {
    return Optional.ofNullable(session.users().getUserById(realm, key.userId()))
        .map(OwnerAccount::of);
  }

  private static Optional<WaitingReset> waiting(OwnerAccount account, LinkKey key) {
    return PendingReset.of(account)
        .filter(pending -> LinkSecret.matches(key.secret(), pending.linkHash()))
        .filter(pending -> pending.holds(account, Instant.now()))
        .map(pending -> new WaitingReset(account, pending));
  }

  /**
   * Uses the link: the new password, and every door closed that was left open (spec, rule 12).
   *
   * @param password a password that the realm's policy accepts
   * @param removedPasskeys ids of the passkeys that the owner wants to be rid of
   * @param locale language of the mail that confirms
   * @return the key of the page that says it is done; empty when the link was used meanwhile
   */
  Optional<LinkKey> complete(
      LinkKey key, String password, Collection<String> removedPasskeys, String locale) {
    Optional<LinkKey> done =
        RowLock.inLockedTransaction(
            session,
            List.of(key.userId()),
            own ->
                new Reset(own.session(), own.realm())
                    .completeLocked(own, key, password, removedPasskeys, locale));
    // Applications are told, which takes its time, once nothing is locked any more.
    done.flatMap(this::account)
        .ifPresent(
            account -> {
              Sessions.endOthers(session, realm, account.user(), null);
              new BruteForce(session, realm).succeeded(account.user());
            });
    return done;
  }

  private Optional<LinkKey> completeLocked(
      RowLock locked,
      LinkKey key,
      String password,
      Collection<String> removedPasskeys,
      String locale) {
    Optional<WaitingReset> found =
        locked
            .get(key.userId())
            .flatMap(account -> waiting(account, key))
            .filter(one -> !one.isDone());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    OwnerAccount account = found.get().account();
    // In the same transaction as the password: cookies and tokens issued before are worth nothing
    // from here on, even if the server stops before it has ended the sessions.
    int now = Math.toIntExact(Instant.now().getEpochSecond());
    session.users().setNotBeforeForUser(realm, account.user(), now);
    new PasswordChange(session, realm).apply(account, password, locale);
    Passkeys passkeys = new Passkeys(account.user());
    List<String> removed =
        removedPasskeys.stream().filter(id -> passkeys.remove(session, realm, id)).toList();
    logReset(account, found.get().pending().clientId(), removed);
    return Optional.of(keepDone(account, found.get().pending()));
  }

  private static LinkKey keepDone(OwnerAccount account, PendingReset used) {
    String secret = LinkSecret.generate();
    new PendingReset(
            LinkSecret.hash(secret),
            Instant.now().plus(DONE_LIFETIME).getEpochSecond(),
            used.sentAt(),
            used.email(),
            account.passwordStamp(),
            used.clientId(),
            true)
        .storeOn(account);
    return new LinkKey(account.id(), secret);
  }

  private void logReset(OwnerAccount account, String clientId, List<String> removedPasskeys) {
    EventBuilder event =
        new EventBuilder(realm, session, session.getContext().getConnection())
            .client(clientId)
            .user(account.user());
    event.clone().event(EventType.RESET_PASSWORD).success();
    for (String id : removedPasskeys) {
      event
          .clone()
          .event(EventType.REMOVE_CREDENTIAL)
          .detail(Details.CREDENTIAL_TYPE, Passkeys.TYPE)
          .detail(Details.CREDENTIAL_ID, id)
          .success();
    }
    event
        .event(EventType.UPDATE_CREDENTIAL)
        .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE)
        .success();
  }
}
