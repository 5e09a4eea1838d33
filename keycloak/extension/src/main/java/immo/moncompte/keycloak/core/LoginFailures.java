package immo.moncompte.keycloak.core;

import java.util.function.Consumer;
import org.keycloak.common.Profile;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakTransactionManager;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.UserLoginFailureProvider;

/**
 * Keycloak's login failures, read and changed outside the transaction of the request. They lie in a
 * replicated cache, without a database, so each sign-in can afford it.
 */
public final class LoginFailures {

  private LoginFailures() {}

  /**
   * Refuses to start a server that keeps login failures elsewhere.
   *
   * @throws IllegalStateException with Keycloak's preview feature {@code stateless}, which keeps
   *     them in the database
   */
  public static void refuseOtherStores() {
    if (Profile.isFeatureEnabled(Profile.Feature.STATELESS)) {
      throw new IllegalStateException(
          "The moncompte extension counts guesses in Keycloak's cache of login failures, which the"
              + " feature 'stateless' switches off: start the server without that feature");
    }
  }

  /**
   * The entry of a key as it is now, to be read and not changed.
   *
   * <p>A session keeps the entries that it has read and does not see what other requests count
   * meanwhile. A new provider has read nothing yet.
   *
   * @param key id of an account, or what {@link Throttle} counts under
   * @return null when nothing was counted
   */
  static UserLoginFailureModel now(KeycloakSession session, RealmModel realm, String key) {
    return session
        .getKeycloakSessionFactory()
        .getProviderFactory(UserLoginFailureProvider.class)
        .create(session)
        .getUserLoginFailure(realm, key);
  }

  /**
   * Changes the entry of a key, and creates it if there is none. All nodes see the change when this
   * returns.
   *
   * @param key what {@link Throttle} counts under
   */
  static void change(
      KeycloakSession session,
      RealmModel realm,
      String key,
      Consumer<UserLoginFailureModel> change) {
    try (KeycloakSession own = session.getKeycloakSessionFactory().create()) {
      // A JTA transaction is most of the cost of a session, and would have nothing to do.
      own.getTransactionManager().setJTAPolicy(KeycloakTransactionManager.JTAPolicy.NOT_SUPPORTED);
      own.getTransactionManager().begin();
      try {
        change.accept(entry(own, realm, key));
      } catch (RuntimeException e) {
        own.getTransactionManager().setRollbackOnly();
        throw e;
      }
    }
  }

  private static UserLoginFailureModel entry(KeycloakSession own, RealmModel realm, String key) {
    UserLoginFailureModel found = own.loginFailures().getUserLoginFailure(realm, key);
    return found != null ? found : own.loginFailures().addUserLoginFailure(realm, key);
  }
}
