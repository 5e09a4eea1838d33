package immo.moncompte.keycloak.throttle;

import java.time.Duration;
import java.time.Instant;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Counts, across the cluster, how often something was tried within the hour of the clock.
 *
 * <p>Keycloak's own login failures are the store: replicated, atomic, and forgotten after the
 * realm's {@code maxDeltaTimeSeconds}; they are keyed by any string. A try is counted before it is
 * made, in a transaction of its own, and read back after: of any number of parallel tries no more
 * than the limit pass.
 */
public final class Throttle {

  private final KeycloakSessionFactory factory;
  private final String realmId;

  public Throttle(KeycloakSession session, RealmModel realm) {
    this.factory = session.getKeycloakSessionFactory();
    this.realmId = realm.getId();
  }

  /** What came of a try: it passes, it is the first beyond the limit, or a later one. */
  public enum Admission {
    PASSES,
    FIRST_BEYOND,
    BEYOND
  }

  /**
   * Counts one try.
   *
   * @param subject what is limited, for instance a source in an agency
   * @param limit tries within the hour that pass, those that {@link #succeeded} not counted
   */
  public Admission admit(String subject, int limit) {
    int tries = increment(tries(subject)) - count(successes(subject));
    if (tries <= limit) {
      return Admission.PASSES;
    }
    return tries == limit + 1 ? Admission.FIRST_BEYOND : Admission.BEYOND;
  }

  public boolean admits(String subject, int limit) {
    return admit(subject, limit) == Admission.PASSES;
  }

  /** Takes a try back, because it was no guess. */
  public void succeeded(String subject) {
    increment(successes(subject));
  }

  private int increment(String key) {
    KeycloakModelUtils.runJobInTransaction(
        factory,
        session -> {
          RealmModel realm = session.realms().getRealm(realmId);
          UserLoginFailureModel counter = session.loginFailures().getUserLoginFailure(realm, key);
          if (counter == null) {
            counter = session.loginFailures().addUserLoginFailure(realm, key);
          }
          counter.incrementFailures();
          // Without a time of its last failure Keycloak takes an entry for reset and drops it at
          // once.
          counter.setLastFailure(Time.currentTimeMillis());
        });
    return count(key);
  }

  private int count(String key) {
    return KeycloakModelUtils.runJobInTransactionWithResult(
        factory,
        session -> {
          RealmModel realm = session.realms().getRealm(realmId);
          UserLoginFailureModel counter = session.loginFailures().getUserLoginFailure(realm, key);
          return counter == null ? 0 : counter.getNumFailures();
        });
  }

  private static String tries(String subject) {
    return "tries:" + subject + ":" + hour();
  }

  private static String successes(String subject) {
    return "successes:" + subject + ":" + hour();
  }

  private static long hour() {
    return Duration.ofSeconds(Instant.now().getEpochSecond()).toHours();
  }
}
