package immo.moncompte.keycloak.core;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.keycloak.crypto.JavaAlgorithm;
import org.keycloak.jose.jws.crypto.HashUtils;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.ErrorPage;

/**
 * Whoever guesses at one account's secret while another guess at it is under way waits for its end.
 *
 * <p>Keycloak lets one guess at a time through for an account and takes a second one for wrong,
 * without looking at it. An owner who presses a button twice, signs in in two tabs or reloads a
 * slow page would be told that a right password is not known. Names without an account have turns,
 * too, and a turn ends when Keycloak lets go of an account: with the transaction of its request. So
 * the wait tells nothing (spec, rule 7).
 */
public final class Turns {

  /** More than guesses take on a server that can hardly breathe. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  /** More than an owner has tabs. Who waits holds a thread, of which a server has few. */
  private static final int MAX_WAITING = 8;

  private static final Logger LOGGER = Logger.getLogger(Turns.class);

  /** Names that share one wait for each other: so many that it hardly happens. */
  private static final Semaphore[] TURNS =
      IntStream.range(0, 1024).mapToObj(number -> new Semaphore(1, true)).toArray(Semaphore[]::new);

  private static final String SALT = UUID.randomUUID().toString();

  /** Attribute of a session that has a turn already: a second guess goes on in it. */
  private static final String HELD = "moncompte.turn.";

  private Turns() {}

  /**
   * Makes one guess when the requests that made those before it, at the same name on this node,
   * have ended.
   *
   * @param name what the account is called in the realm of the session: an address, a username
   * @param guess compares the secret and counts a failure
   * @throws WebApplicationException a page (503) that asks to begin again, when the turn does not
   *     come within 15 seconds, or more than eight wait for theirs
   */
  static <T> T wait(KeycloakSession session, String name, Supplier<T> guess) {
    String key = session.getContext().getRealm().getId() + ":" + name.toLowerCase(Locale.ROOT);
    int number = numberOf(key);
    String held = HELD + number;
    if (session.getAttribute(held) == null) {
      take(session, TURNS[number]);
      session.setAttribute(held, true);
    }
    return guess.get();
  }

  /** Nobody who does not know the salt can find names that share a turn with somebody's. */
  private static int numberOf(String key) {
    byte[] salted = (SALT + key).getBytes(StandardCharsets.UTF_8);
    byte[] hash = HashUtils.hash(JavaAlgorithm.SHA256, salted);
    return Math.floorMod(ByteBuffer.wrap(hash).getInt(), TURNS.length);
  }

  private static void take(KeycloakSession session, Semaphore turn) {
    if (!comes(turn)) {
      throw tooLong(session);
    }
    session
        .getTransactionManager()
        .enlistAfterCompletion(
            new AbstractKeycloakTransaction() {
              @Override
              protected void commitImpl() {
                turn.release();
              }

              @Override
              protected void rollbackImpl() {
                turn.release();
              }
            });
  }

  private static boolean comes(Semaphore turn) {
    if (turn.getQueueLength() >= MAX_WAITING) {
      return false;
    }
    try {
      return turn.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * The answer to whose turn does not come: the secret was not looked at. The source's try counts.
   */
  static WebApplicationException tooLong(KeycloakSession session) {
    LOGGER.warn("A guess was not made: too many at the same name, or for too long, were before it");
    return new WebApplicationException(
        ErrorPage.error(
            session,
            session.getContext().getAuthenticationSession(),
            Response.Status.SERVICE_UNAVAILABLE,
            "tooManyAtOnce"));
  }
}
