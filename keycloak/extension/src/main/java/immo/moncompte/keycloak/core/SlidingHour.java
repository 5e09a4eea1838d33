package immo.moncompte.keycloak.core;

import java.time.Duration;
import java.time.Instant;

/**
 * Estimates how much happened within the last 60 minutes, from the counts of this clock hour and
 * the one before. Of the hour before, only the part within the last 60 minutes counts, as if its
 * events were evenly spread. So a new clock hour does not double the limit.
 *
 * @param number hours since the epoch, of the hour of the clock that this moment lies in
 * @param elapsed milliseconds of that hour that have passed
 */
public record SlidingHour(long number, long elapsed) {

  private static final long HOUR = Duration.ofHours(1).toMillis();

  public static SlidingHour at(Instant moment) {
    long millis = moment.toEpochMilli();
    return new SlidingHour(Math.floorDiv(millis, HOUR), Math.floorMod(millis, HOUR));
  }

  /**
   * Whether the estimate is no more than the limit.
   *
   * @param before what was counted in the hour of the clock before this one
   * @param now what was counted in this hour of the clock so far
   * @param limit most that may happen within 60 minutes
   */
  public boolean isWithin(int limit, long before, long now) {
    return before * (HOUR - elapsed) + now * HOUR <= limit * HOUR;
  }
}
