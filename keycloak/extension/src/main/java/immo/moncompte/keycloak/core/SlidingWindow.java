package immo.moncompte.keycloak.core;

import java.time.Duration;
import java.time.Instant;

/**
 * Estimates how much happened within a time up to now, from the counts of this window of the clock
 * and the one before. Of the window before, only the part within that time counts, as if its events
 * were evenly spread. So a new window does not double the limit.
 *
 * @param length milliseconds of a window
 * @param number windows since the epoch, of the one that this moment lies in
 * @param elapsed milliseconds of that window that have passed
 */
public record SlidingWindow(long length, long number, long elapsed) {

  public static SlidingWindow at(Instant moment, Duration length) {
    long millis = moment.toEpochMilli();
    long window = length.toMillis();
    return new SlidingWindow(window, Math.floorDiv(millis, window), Math.floorMod(millis, window));
  }

  /**
   * How long the windows are, so that a full limit has room again within a time, whenever in its
   * window it was filled.
   */
  public static Duration withRoomWithin(Duration time, int limit) {
    return time.multipliedBy(limit).dividedBy(limit + 1L);
  }

  /**
   * Whether the estimate is no more than the limit.
   *
   * @param before what was counted in the window of the clock before this one
   * @param now what was counted in this window so far
   * @param limit most that may happen within the length of a window
   */
  public boolean isWithin(int limit, long before, long now) {
    return before * (length - elapsed) + now * length <= limit * length;
  }
}
