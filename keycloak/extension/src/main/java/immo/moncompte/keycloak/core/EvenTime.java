package immo.moncompte.keycloak.core;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets refusals leave in even steps of time.
 *
 * <p>Equal hashes make answers take nearly the same time; what is left is the look-ups, which take
 * a little longer for an account that exists, and more when no cache holds it. Those few
 * milliseconds disappear in the wait for the next step (spec, rule 7).
 */
public final class EvenTime {

  private static final long STEP = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MAX_DELAY = TimeUnit.MILLISECONDS.toNanos(20);

  private final long start = System.nanoTime();

  /** Returns up to 20 ms after the next multiple of 100 ms since this was made. */
  public void waitForNextStep() {
    long next = start + STEP * ((System.nanoTime() - start) / STEP + 1);
    long end = next + ThreadLocalRandom.current().nextLong(MAX_DELAY);
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
