package immo.moncompte.keycloak.core;

import java.time.Duration;
import java.time.Instant;

/**
 * How much happened within the last 60 minutes, estimated from what was counted in this hour of the
 * clock and in the one before: of the latter as much as still lies within the 60 minutes, taking it
 * for evenly spread. So a full hour that strikes gives nobody a second helping.
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
