package immo.moncompte.keycloak.owners;

import java.security.SecureRandom;
import java.util.UUID;

/**
 * Ids for the rows of one batch: UUIDs of version 7 (RFC 9562, section 5.7), which grow with time.
 *
 * <p>Random ids, as Keycloak makes them one by one, spread a load over every page of every index:
 * with a million users each row then writes pages of its own. Ids that grow go to the end of the
 * index. The rest of each id is random, so that nobody guesses one from another.
 */
final class TimeOrderedIds {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int COUNTER_BITS = 12;
  private static final long VERSION = 7L << COUNTER_BITS;
  private static final long VARIANT = 1L << 63;

  /** Milliseconds since the epoch and, below them, a counter: the clock when it runs over. */
  private long clock = System.currentTimeMillis() << COUNTER_BITS;

  /** The next one. */
  String next() {
    long at = clock++;
    long milliseconds = at >>> COUNTER_BITS;
    long counter = at & ((1L << COUNTER_BITS) - 1);
    long random = RANDOM.nextLong() >>> 2;
    return new UUID((milliseconds << 16) | VERSION | counter, VARIANT | random).toString();
  }
}
