package immo.moncompte.keycloak.core;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
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
  private static final Duration NOW = Duration.ZERO;
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration SPREAD = Duration.ofMillis(800);
  private static final Duration MAX_SHUTDOWN = Duration.ofSeconds(10);
  private static final List<String> OUTCOMES =
      List.of("decided", "sent", "retried", "failed", "dropped");
  private static final MailQueue SHARED = new MailQueue();

  private final ScheduledThreadPoolExecutor executor;

  /** Tasks that are neither done nor given up. */
  private final WaitingMails waiting = new WaitingMails();

  private volatile boolean closing;

  private MailQueue() {
    executor =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "moncompte-mail");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Composes and sends one mail in a session of its own. */
  @FunctionalInterface
  public interface Mail {
    /**
     * Sends the mail.
     *
     * @throws EmailException when the mail server does not take it; it is then tried again
     */
    void send(KeycloakSession session) throws EmailException;
  }

  /**
   * A mail to the owner of an account.
   *
   * @param userId the account, whose name and language preferences the mail uses
   * @param address where it goes, which need not be the account's address
   * @param locale language tag of the mail
   * @param subjectKey key of the subject in the email theme
   * @param template template of the email theme
   * @param attributes what stands in the mail
   */
  public record OwnerMail(
      String userId,
      String address,
      String locale,
      String subjectKey,
      String template,
      Map<String, Object> attributes) {

    /** The name of the template: {@code activation}. */
    String kind() {
      return template.replace(".ftl", "");
    }

    /**
     * Sends the mail, unless the account has gone meanwhile.
     *
     * @throws EmailException when the mail server does not take it
     */
    public void send(KeycloakSession session) throws EmailException {
      RealmModel realm = session.getContext().getRealm();
      UserModel user = session.users().getUserById(realm, userId);
      if (user == null) {
        return;
      }
      session.setAttribute(LocaleSelectorProvider.USER_REQUEST_LOCALE, locale);
      session
          .getProvider(EmailTemplateProvider.class)
          .setRealm(realm)
          .setUser(user)
          .send(subjectKey, template, new HashMap<>(attributes), address);
    }
  }

  /** Queues a mail to an owner when the transaction of the session commits. */
  public static void toOwner(KeycloakSession session, RealmModel realm, OwnerMail mail) {
    afterCommit(session, realm.getId(), mail.kind(), mail::send);
  }

  /**
   * Queues a mail when, and only when, the transaction of the session commits.
   *
   * @param kind what it is about, for the log
   */
  public static void afterCommit(KeycloakSession session, String realmId, String kind, Mail mail) {
    KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
    handOver(session, new Task(factory, realmId, kind, mail, "sent"), NOW);
  }

  /**
   * Decides after the answer whether a mail leaves, in a transaction of its own. The moment is
   * random, so that the time of this answer or the next one does not tell what was found.
   *
   * @param kind what is decided, for the log
   * @param decision looks up and writes what it needs, and queues mails by {@link #toOwner}
   */
  public static void decideLater(
      KeycloakSession session, String realmId, String kind, Mail decision) {
    Duration moment = SOON.plusMillis(ThreadLocalRandom.current().nextLong(SPREAD.toMillis()));
    KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
    handOver(session, new Task(factory, realmId, kind, decision, "decided"), moment);
  }

  private static void handOver(KeycloakSession session, Task task, Duration pause) {
    session
        .getTransactionManager()
        .enlistAfterCompletion(
            new AbstractKeycloakTransaction() {
              @Override
              protected void commitImpl() {
                SHARED.submit(task, pause);
              }

              @Override
              protected void rollbackImpl() {
                // Nothing has happened, so there is nothing to tell.
              }
            });
  }

  /** Registers counters at zero, so that alerts see the first increase. */
  public static void showMetrics() {
    OUTCOMES.forEach(MailQueue::counter);
    Gauge.builder("moncompte_mails_waiting", SHARED.waiting, WaitingMails::count)
        .register(Metrics.globalRegistry);
  }

  /** Sends what waits, for ten seconds and without pauses between retries. Logs what is lost. */
  public static void close() {
    SHARED.sendTheLast();
  }

  private void sendTheLast() {
    closing = true;
    if (!waiting.isEmpty()) {
      LOGGER.infof("Before this server stops, it sends the mails that wait (%s)", waiting);
      for (Runnable task : executor.getQueue().toArray(Runnable[]::new)) {
        if (executor.remove(task)) {
          executor.execute(task);
        }
      }
      waiting.awaitEmpty(MAX_SHUTDOWN);
    }
    executor.shutdownNow();
    if (!waiting.isEmpty()) {
      LOGGER.warnf(
          "This server stops, and these mails were not sent (%s): links are asked for again, notices are lost",
          waiting);
    }
  }

  /**
   * A task of the queue.
   *
   * @param kind what it is about, for the log
   * @param outcome what the metric counts it as, once done
   */
  private record Task(
      KeycloakSessionFactory factory, String realmId, String kind, Mail mail, String outcome) {}

  private void submit(Task task, Duration pause) {
    if (executor.getQueue().size() >= MAX_WAITING) {
      LOGGER.error("A mail was dropped: too many are waiting. Is the mail server down?");
      count("dropped");
      return;
    }
    waiting.add(task.kind());
    schedule(task, 0, pause);
  }

  private void schedule(Task task, int failures, Duration pause) {
    long millis = closing ? Math.min(pause.toMillis(), SOON.toMillis()) : pause.toMillis();
    try {
      executor.schedule(() -> attempt(task, failures), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) { // the server is stopping
      done(task, "dropped");
    }
  }

  private void attempt(Task task, int failures) {
    try {
      KeycloakModelUtils.runJobInTransaction(
          task.factory(),
          session -> {
            session.getContext().setRealm(session.realms().getRealm(task.realmId()));
            sendUnchecked(task.mail(), session);
          });
      done(task, task.outcome());
    } catch (Throwable e) { // an Error, too: nothing else would report it
      retryOrGiveUp(task, failures, e);
    }
  }

  private static void sendUnchecked(Mail mail, KeycloakSession session) {
    try {
      mail.send(session);
    } catch (EmailException e) {
      throw new IllegalStateException(e);
    }
  }

  private void retryOrGiveUp(Task task, int failures, Throwable cause) {
    if (failures >= PAUSES.size()) {
      // Only the type: the message may contain the address.
      LOGGER.errorf("A mail could not be sent after %d tries (%s)", failures + 1, rootType(cause));
      done(task, "failed");
      return;
    }
    count("retried");
    schedule(task, failures + 1, PAUSES.get(failures));
  }

  private void done(Task task, String outcome) {
    waiting.remove(task.kind());
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
