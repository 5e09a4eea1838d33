package immo.moncompte.keycloak.core;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;

/**
 * Counts, across the cluster, how often something was tried within the last hour ({@link
 * SlidingHour}).
 *
 * <p>Keycloak's own login failures are the store: replicated, atomic between nodes, and forgotten
 * after the realm's {@code maxDeltaTimeSeconds}; they are keyed by any string. A try is counted
 * before it is made, in a transaction of its own, and read back after: of any number of parallel
 * tries no more than the limit pass. One that does not pass is taken back, so that who goes on
 * trying is slowed to the limit and no lock is for ever (spec, rule 8).
 */
public final class Throttle {

  /**
   * On one node Keycloak's cache hands one and the same object to all threads that change an entry,
   * and its update counts twice when they meet: one at a time, then, for each key.
   */
  private static final Object[] LOCKS =
      IntStream.range(0, 256).mapToObj(number -> new Object()).toArray();

  private final KeycloakSession session;
  private final RealmModel realm;

  public Throttle(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /** What came of a try: it passes, it is the first of its hour that does not, or a later one. */
  public enum Admission {
    PASSES,
    FIRST_BEYOND,
    BEYOND
  }

  /**
   * Counts one try.
   *
   * @param subject what is limited, for instance a source in an agency
   * @param limit tries within an hour that pass, those that {@link #succeeded} not counted
   */
  public Admission admit(String subject, int limit) {
    SlidingHour hour = SlidingHour.at(Instant.now());
    String key = key(subject, hour.number());
    change(key, UserLoginFailureModel::incrementFailures);
    if (isWithin(subject, hour, limit)) {
      return Admission.PASSES;
    }
    AtomicBoolean first = new AtomicBoolean();
    change(
        key,
        counter -> {
          first.set(counter.getNumSecondaryAuthFailures() == 0);
          counter.incrementSecondaryAuthFailures();
          counter.incrementTemporaryLockouts();
        });
    return first.get() ? Admission.FIRST_BEYOND : Admission.BEYOND;
  }

  public boolean admits(String subject, int limit) {
    return admit(subject, limit) == Admission.PASSES;
  }

  /** Takes a try back, because it was no guess. */
  public void refund(String subject) {
    long hour = SlidingHour.at(Instant.now()).number();
    change(key(subject, hour), UserLoginFailureModel::incrementTemporaryLockouts);
  }

  /**
   * Changes the entry of one subject and hour. Its failures are the tries, its temporary lockouts
   * those taken back, and its secondary failures those that did not pass.
   */
  private void change(String key, Consumer<UserLoginFailureModel> change) {
    synchronized (LOCKS[Math.floorMod(key.hashCode(), LOCKS.length)]) {
      LoginFailures.change(
          session,
          realm,
          key,
          counter -> {
            change.accept(counter);
            // Without a time of its last failure Keycloak takes an entry for reset and drops it.
            counter.setLastFailure(Time.currentTimeMillis());
          });
    }
  }

  private boolean isWithin(String subject, SlidingHour hour, int limit) {
    long before = counted(key(subject, hour.number() - 1));
    long now = counted(key(subject, hour.number()));
    return hour.isWithin(limit, before, now);
  }

  /** Tries that passed and were not taken back. */
  private int counted(String key) {
    UserLoginFailureModel counter = LoginFailures.now(session, realm, key);
    // One that was counted before the hour struck may be taken back after.
    return counter == null
        ? 0
        : Math.max(0, counter.getNumFailures() - counter.getNumTemporaryLockouts());
  }

  private static String key(String subject, long hour) {
    return "tries:" + subject + ":" + hour;
  }
}
