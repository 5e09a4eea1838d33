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
 * Counts attempts within the last hour ({@link SlidingHour}), on all nodes together.
 *
 * <p>Keycloak's login failures store the counts: they are replicated, keyed by any string, and
 * forgotten after the realm's {@code maxDeltaTimeSeconds}. An attempt is counted before it is made,
 * in a transaction of its own, and then read back. So of any number of parallel attempts, no more
 * than the limit pass. An attempt that does not pass is taken back: nobody is locked out for ever
 * (specification, rule 8).
 */
public record Throttle(KeycloakSession session, RealmModel realm) {

  /**
   * One lock for each key. On one node, Keycloak's cache gives the same object to all threads that
   * change an entry, and counts twice when they meet.
   */
  private static final Object[] LOCKS =
      IntStream.range(0, 256).mapToObj(number -> new Object()).toArray();

  /**
   * The result of an attempt: it passes, it is the first of its hour beyond the limit, or a later
   * one.
   */
  public enum Admission {
    PASSES,
    FIRST_BEYOND,
    BEYOND
  }

  /**
   * Counts one attempt.
   *
   * @param subject what is limited, for instance a source in an agency
   * @param limit attempts within an hour that pass, without those that {@link #refund} took back
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

  /** Whether no more attempts than the limit were counted. Counts none. */
  public boolean isWithin(String subject, int limit) {
    return isWithin(subject, SlidingHour.at(Instant.now()), limit);
  }

  /** Undoes the count of a successful attempt. */
  public void refund(String subject) {
    long hour = SlidingHour.at(Instant.now()).number();
    change(key(subject, hour), UserLoginFailureModel::incrementTemporaryLockouts);
  }

  /**
   * Changes the entry of one subject and hour. Its failures are the attempts, its temporary
   * lockouts those taken back, and its secondary failures those beyond the limit.
   */
  private void change(String key, Consumer<UserLoginFailureModel> change) {
    synchronized (LOCKS[Math.floorMod(key.hashCode(), LOCKS.length)]) {
      LoginFailures.change(
          session,
          realm,
          key,
          counter -> {
            change.accept(counter);
            // Keycloak drops an entry without the time of its last failure.
            counter.setLastFailure(Time.currentTimeMillis());
          });
    }
  }

  private boolean isWithin(String subject, SlidingHour hour, int limit) {
    long before = counted(key(subject, hour.number() - 1));
    long now = counted(key(subject, hour.number()));
    return hour.isWithin(limit, before, now);
  }

  /** Attempts that passed and were not taken back. */
  private int counted(String key) {
    UserLoginFailureModel counter = LoginFailures.now(session, realm, key);
    // An attempt of the hour before may be taken back in this one.
    return counter == null
        ? 0
        : Math.max(0, counter.getNumFailures() - counter.getNumTemporaryLockouts());
  }

  private static String key(String subject, long hour) {
    return "tries:" + subject + ":" + hour;
  }
}
