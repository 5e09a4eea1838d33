package immo.moncompte.keycloak.core;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;

/**
 * Counts attempts within a time ({@link SlidingWindow}), on all nodes together.
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
   * The result of an attempt: it passes, it is the first of its window beyond the limit, or a later
   * one.
   */
  public enum Admission {
    PASSES,
    FIRST_BEYOND,
    BEYOND
  }

  /**
   * How many attempts may pass.
   *
   * @param subject what is limited, for instance a source in an agency
   * @param attempts attempts that pass, without those that {@link #refund} took back
   * @param time within how long
   */
  public record Limit(String subject, int attempts, Duration time) {

    public static Limit ofAnHour(String subject, int attempts) {
      return new Limit(subject, attempts, Duration.ofHours(1));
    }

    private SlidingWindow window() {
      return SlidingWindow.at(Instant.now(), time);
    }

    private String key(long window) {
      return "tries:" + subject + ":" + window;
    }
  }

  /** Counts one attempt. */
  public Admission admit(Limit limit) {
    SlidingWindow window = limit.window();
    String key = limit.key(window.number());
    change(key, UserLoginFailureModel::incrementFailures);
    if (isWithin(limit, window, 0)) {
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

  /** Counts one attempt; the limit is one of an hour. */
  public Admission admit(String subject, int limit) {
    return admit(Limit.ofAnHour(subject, limit));
  }

  public boolean admits(String subject, int limit) {
    return admit(subject, limit) == Admission.PASSES;
  }

  /** Whether another attempt would not pass now. */
  public boolean isFull(Limit limit) {
    return !isWithin(limit, limit.window(), 1);
  }

  /** Undoes the count of a successful attempt. */
  public void refund(Limit limit) {
    change(limit.key(limit.window().number()), UserLoginFailureModel::incrementTemporaryLockouts);
  }

  /** Undoes the count of a successful attempt; the limit is one of an hour. */
  public void refund(String subject) {
    refund(Limit.ofAnHour(subject, 0));
  }

  /**
   * Changes the entry of one subject and window. Its failures are the attempts, its temporary
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

  private boolean isWithin(Limit limit, SlidingWindow window, int more) {
    long before = counted(limit.key(window.number() - 1));
    long now = counted(limit.key(window.number())) + more;
    return window.isWithin(limit.attempts(), before, now);
  }

  /** Attempts that passed and were not taken back. */
  private int counted(String key) {
    UserLoginFailureModel counter = LoginFailures.now(session, realm, key);
    // An attempt of the window before may be taken back in this one.
    return counter == null
        ? 0
        : Math.max(0, counter.getNumFailures() - counter.getNumTemporaryLockouts());
  }
}
