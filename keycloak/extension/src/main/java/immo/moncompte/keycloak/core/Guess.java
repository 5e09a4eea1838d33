package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Throttle.Admission;
import immo.moncompte.keycloak.core.Throttle.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * A guess at a secret of an account. It is counted before the secret is verified, on all nodes
 * together (specification, rule 8).
 *
 * <p>A browser that has signed in to the account is counted on its own ({@link DeviceCookie}).
 * Others are counted for each source, and over all sources with a larger limit. Counts belong to
 * one secret: a new password begins afresh. Keycloak's own protector locks an account for
 * everybody, hence this one.
 */
public final class Guess {

  /** Detail of the event that a lock begins: the source, see {@link Source}. */
  public static final String SOURCE = "source";

  /** Limit over all sources, as a multiple of the limit of one. */
  private static final int ALL_SOURCES_FACTOR = 10;

  private final KeycloakSession session;
  private final String accountId;
  private final Limits limits;
  private final boolean admitted;

  private Guess(KeycloakSession session, String accountId, Limits limits, boolean admitted) {
    this.session = session;
    this.accountId = accountId;
    this.limits = limits;
    this.admitted = admitted;
  }

  /** Counts a guess at a secret. */
  public static Guess at(
      KeycloakSession session, RealmModel realm, OwnerAccount account, CredentialModel secret) {
    Optional<Limits> known =
        new DeviceCookie(session, realm)
            .id(account)
            .map(id -> limit(realm, subject(secret) + ":device:" + id, realm.getFailureFactor()))
            .map(limit -> new Limits(new Throttle(session, realm), List.of(limit)));
    return known
        .map(limits -> count(session, account.id(), limits))
        .filter(Guess::isAdmitted)
        // Beyond its own limit, a known browser is like any other.
        .orElseGet(() -> count(session, account.id(), unknown(session, realm, subject(secret))));
  }

  /**
   * Counts a guess where there is no secret to verify, at the same cost (specification, rule 7).
   *
   * @param typed the name that was typed; its own guesses are counted like an account's
   */
  public static Guess atNothing(KeycloakSession session, RealmModel realm, String typed) {
    return count(session, null, unknown(session, realm, LinkSecret.hash(typed)));
  }

  private static Guess count(KeycloakSession session, String accountId, Limits limits) {
    return new Guess(session, accountId, limits, limits.admit() == Admission.PASSES);
  }

  private static Limits unknown(KeycloakSession session, RealmModel realm, String subject) {
    return new Limits(
        new Throttle(session, realm), limits(realm, subject, Source.of(session)).toList());
  }

  private static Stream<Limit> limits(RealmModel realm, String subject, String source) {
    int failures = realm.getFailureFactor();
    return Stream.of(
        limit(realm, subject + ":from:" + source, failures),
        limit(realm, subject, failures * ALL_SOURCES_FACTOR));
  }

  private static Limit limit(RealmModel realm, String subject, int failures) {
    Duration longest = Duration.ofSeconds(Math.max(1, realm.getMaxFailureWaitSeconds()));
    return new Limit("guess:" + subject, failures, SlidingWindow.withRoomWithin(longest, failures));
  }

  private static String subject(CredentialModel secret) {
    return ProvedPassword.stamp(secret.getId(), secret.getCreatedDate());
  }

  /** Whether the secret may be verified. */
  public boolean isAdmitted() {
    return admitted;
  }

  /** Undoes the count of a right guess. After a wrong one, tells that a lock has begun. */
  public void settle(boolean right) {
    if (!admitted) {
      return;
    }
    boolean isLock = limits.isAnyFull();
    limits.settle(right);
    if (isLock && !right) {
      tellLater();
    }
  }

  /** After the answer, so that its time tells nothing. Without an account, nobody is told. */
  private void tellLater() {
    String source = Source.of(session);
    String address = session.getContext().getConnection().getRemoteHost();
    MailQueue.decideLater(
        session,
        "lock",
        own -> {
          RealmModel realm = own.getContext().getRealm();
          UserModel user = accountId == null ? null : own.users().getUserById(realm, accountId);
          if (user != null) {
            new EventBuilder(realm, own)
                .event(EventType.USER_DISABLED_BY_TEMPORARY_LOCKOUT)
                .user(user)
                .ipAddress(address)
                .detail(SOURCE, source)
                .success();
          }
        });
  }

  /** Whether unknown browsers of a source may not guess at some secret of an account now. */
  public static boolean isLocked(
      KeycloakSession session, RealmModel realm, OwnerAccount account, String source) {
    Throttle throttle = new Throttle(session, realm);
    return Stream.of(
            PasswordCredentialModel.TYPE,
            OwnerAccount.PROVISIONAL_PASSWORD,
            OwnerAccount.PENDING_PASSWORD)
        .flatMap(type -> account.credential(type).stream())
        .flatMap(secret -> limits(realm, subject(secret), source))
        .anyMatch(throttle::isFull);
  }
}
