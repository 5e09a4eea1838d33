package immo.moncompte.keycloak.core;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes refusals leave at fixed intervals, so that their time tells nothing.
 *
 * <p>Equal hashes make answers take nearly the same time. What is left are the look-ups: they take
 * a few milliseconds longer for an account that exists. The wait for the next interval hides them
 * (specification, rule 7).
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
