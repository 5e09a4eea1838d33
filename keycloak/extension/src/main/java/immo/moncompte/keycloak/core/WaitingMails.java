package immo.moncompte.keycloak.core;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts the mails that wait, by kind. */
final class WaitingMails {

  private final Map<String, Integer> kinds = new TreeMap<>();

  synchronized void add(String kind) {
    kinds.merge(kind, 1, Integer::sum);
  }

  synchronized void remove(String kind) {
    kinds.computeIfPresent(kind, (known, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  synchronized int count() {
    return kinds.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized boolean isEmpty() {
    return kinds.isEmpty();
  }

  /** Waits until no mail is left, or until the time is over. */
  synchronized void awaitEmpty(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    try {
      for (long left = timeout.toMillis(); left > 0 && !kinds.isEmpty(); ) {
        wait(left);
        left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** For the log: {@code activation: 2, reset-password: 1}. */
  @Override
  public synchronized String toString() {
    return kinds.entrySet().stream()
        .map(kind -> kind.getKey() + ": " + kind.getValue())
        .collect(Collectors.joining(", "));
  }
}
