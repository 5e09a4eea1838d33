package immo.moncompte.keycloak.throttle;

import java.time.Duration;
import java.time.Instant;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Counts, across the cluster, how often something was tried within the hour.
 *
 * <p>Keycloak's own login failures are the store: replicated, atomic and forgotten in time; they
 * are keyed by any string. A try is counted before it is made, in a transaction of its own, and
 * read back after: of any number of parallel tries no more than the limit pass.
 */
public final class Throttle {

  private final KeycloakSessionFactory factory;
  private final String realmId;

  public Throttle(KeycloakSession session, RealmModel realm) {
    this.factory = session.getKeycloakSessionFactory();
    this.realmId = realm.getId();
  }

  /**
   * Counts one try.
   *
   * @param subject what is limited, for instance a source in an agency
   * @param limit tries within the hour that pass, those that {@link #succeeded} not counted
   * @return whether this try passes
   */
  public boolean admits(String subject, int limit) {
    int tries = increment(tries(subject));
    return tries - count(successes(subject)) <= limit;
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
