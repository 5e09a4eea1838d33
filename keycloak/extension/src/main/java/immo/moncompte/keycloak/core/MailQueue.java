package immo.moncompte.keycloak.core;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Sends mail after the answer has left: once the transaction has committed, in threads of its own,
 * with some retries.
 *
 * <p>So neither the time of an answer nor a mail server that is down tells a visitor anything, and
 * no page fails because of one. A server that stops first sends what waits, for ten seconds. What
 * is left then is lost: whoever waits for a link can ask for it again (S5, S9).
 *
 * <p>The metric {@code moncompte_mails_total} counts what was decided, sent, retried and given up;
 * {@code moncompte_mails_waiting} is what is still to be done.
 */
public final class MailQueue {
  private static final Logger LOGGER = Logger.getLogger(MailQueue.class);
  private static final int THREADS = 4;
  private static final int MAX_WAITING = 20_000;
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofSeconds(60));
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration SPREAD = Duration.ofMillis(800);
  private static final Duration MAX_SHUTDOWN = Duration.ofSeconds(10);
  private static final List<String> OUTCOMES =
      List.of("decided", "sent", "retried", "failed", "dropped");

  private static final ScheduledThreadPoolExecutor EXECUTOR =
      new ScheduledThreadPoolExecutor(THREADS, MailQueue::thread);

  /** How many tasks of each kind are neither done nor given up. */
  private static final Map<String, Integer> WAITING = new ConcurrentHashMap<>();

  private static volatile boolean closing;

  private MailQueue() {}

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "moncompte-mail");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Sends a mail when, and only when, the transaction of the session commits.
   *
   * @param kind what it is about, for the log
   * @param mail composes and sends it in a session of its own; it is tried again when it throws
   */
  public static void afterCommit(
      KeycloakSession session, String kind, Consumer<KeycloakSession> mail) {
    submitAfterCommit(session, Task.of(session, kind, mail, "sent"), Duration.ZERO);
  }

  /**
   * Decides after the answer whether a mail leaves, in a transaction of its own. The moment is
   * random, so that the time of this answer or the next one does not tell what was found.
   *
   * @param kind what is decided, for the log
   * @param decision looks up and writes what it needs, and queues mails
   */
  public static void decideLater(
      KeycloakSession session, String kind, Consumer<KeycloakSession> decision) {
    Duration moment = SOON.plusMillis(ThreadLocalRandom.current().nextLong(SPREAD.toMillis()));
    submitAfterCommit(session, Task.of(session, kind, decision, "decided"), moment);
  }

  /**
   * What a thread does in a transaction.
   *
   * @param kind what it is about, for the log
   * @param outcome what the metric counts it as, once done
   */
  private record Task(
      KeycloakSessionFactory factory,
      String realmId,
      String kind,
      Consumer<KeycloakSession> work,
      String outcome) {

    static Task of(
        KeycloakSession session, String kind, Consumer<KeycloakSession> work, String outcome) {
      String realmId = session.getContext().getRealm().getId();
      return new Task(session.getKeycloakSessionFactory(), realmId, kind, work, outcome);
    }

    void run() {
      KeycloakModelUtils.runJobInTransaction(
          factory,
          session -> {
            session.getContext().setRealm(session.realms().getRealm(realmId));
            work.accept(session);
          });
    }
  }

  private static void submitAfterCommit(KeycloakSession session, Task task, Duration pause) {
    session
        .getTransactionManager()
        .enlistAfterCompletion(
            new AbstractKeycloakTransaction() {
              @Override
              protected void commitImpl() {
                submit(task, pause);
              }

              @Override
              protected void rollbackImpl() {
                // Nothing has happened, so there is nothing to tell.
              }
            });
  }

  private static void submit(Task task, Duration pause) {
    if (EXECUTOR.getQueue().size() >= MAX_WAITING) {
      LOGGER.error("A mail was dropped: too many are waiting. Is the mail server down?");
      count("dropped");
      return;
    }
    WAITING.merge(task.kind(), 1, Integer::sum);
    schedule(task, 0, pause);
  }

  private static void schedule(Task task, int failures, Duration pause) {
    long millis = closing ? Math.min(pause.toMillis(), SOON.toMillis()) : pause.toMillis();
    try {
      EXECUTOR.schedule(() -> attempt(task, failures), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) { // the server is stopping
      finish(task, "dropped");
    }
  }

  private static void attempt(Task task, int failures) {
    try {
      task.run();
      finish(task, task.outcome());
    } catch (Throwable e) { // an Error, too: nothing else would report it
      retryOrGiveUp(task, failures, e);
    }
  }

  private static void retryOrGiveUp(Task task, int failures, Throwable cause) {
    if (failures >= PAUSES.size()) {
      // Only the type: the message may contain the address.
      LOGGER.errorf("A mail could not be sent after %d tries (%s)", failures + 1, rootType(cause));
      finish(task, "failed");
      return;
    }
    count("retried");
    schedule(task, failures + 1, PAUSES.get(failures));
  }

  private static void finish(Task task, String outcome) {
    WAITING.computeIfPresent(task.kind(), (kind, number) -> number == 1 ? null : number - 1);
    count(outcome);
  }

  /** The type of an error's root cause. Its message may contain addresses or credentials. */
  public static String rootType(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }

  // ---- when the server stops

  /** Sends what waits, for ten seconds and without pauses between retries. Logs what is lost. */
  public static void close() {
    closing = true;
    if (!WAITING.isEmpty()) {
      LOGGER.infof("Before this server stops, it sends the mails that wait (%s)", waiting());
      sendWaiting();
    }
    EXECUTOR.shutdownNow();
    if (!WAITING.isEmpty()) {
      LOGGER.warnf(
          "This server stops, and these mails were not sent (%s): links are asked for again,"
              + " notices are lost",
          waiting());
    }
  }

  private static void sendWaiting() {
    for (Runnable task : EXECUTOR.getQueue().toArray(Runnable[]::new)) {
      if (EXECUTOR.remove(task)) {
        EXECUTOR.execute(task);
      }
    }
    long end = System.nanoTime() + MAX_SHUTDOWN.toNanos();
    while (!WAITING.isEmpty() && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** For the log: {@code activation: 2, reset-password: 1}. */
  private static String waiting() {
    return WAITING.entrySet().stream()
        .map(kind -> kind.getKey() + ": " + kind.getValue())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  // ---- metrics

  /** Registers counters at zero, so that alerts see the first increase. */
  public static void showMetrics() {
    OUTCOMES.forEach(MailQueue::counter);
    Gauge.builder("moncompte_mails_waiting", WAITING, MailQueue::number)
        .register(Metrics.globalRegistry);
  }

  private static long number(Map<String, Integer> waiting) {
    return waiting.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** Number of mails given up since this node started. */
  public static long lost() {
    return (long) (counter("failed").count() + counter("dropped").count());
  }

  private static void count(String outcome) {
    counter(outcome).increment();
  }

  private static Counter counter(String outcome) {
    return Metrics.counter("moncompte_mails", "outcome", outcome);
  }
}
