package immo.moncompte.keycloak.core;

import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.keycloak.common.ClientConnection;
import org.keycloak.common.util.Time;
import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserLoginFailureModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.BruteForceProtector;

/**
 * Keycloak's brute force detection, for secrets that its own forms do not ask for.
 *
 * <p>The protector lets one guess at a time through for an account and counts it before the next,
 * so that guesses in parallel are no way round the limit. They wait for each other ({@link Turns}).
 * Its locks end by themselves.
 */
public final class BruteForce {

  private static final String NOBODY = "nobody";
  private static final Set<String> CATEGORY = Set.of(PasswordCredentialModel.TYPE);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private final KeycloakSession session;
  private final RealmModel realm;
  private final ClientConnection connection;

  public BruteForce(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
    this.connection = session.getContext().getConnection();
  }

  /**
   * Makes one guess at a time for each name, whether or not there is an account of that name.
   *
   * @param name an address or a username, as it was typed
   * @param guess asks {@link #admits} where there is an account, compares, and counts a failure
   */
  public <T> T inTurn(String name, Supplier<T> guess) {
    return Turns.wait(session, name, guess);
  }

  /**
   * Whether a guess at a secret of this account may be verified now.
   *
   * <p>Keycloak lets go of an account when the request before has ended and its guess is counted,
   * which is a moment after the turn of that request: until then this waits.
   */
  public boolean admits(UserModel user) {
    long end = System.nanoTime() + Turns.PATIENCE.toNanos();
    while (true) {
      boolean free = !protector().isTemporarilyDisabled(session, realm, user);
      // Asked afresh: this session keeps what it has read, from before the last guess was counted.
      if (isLocked(user)) {
        return false;
      }
      if (free) {
        return true;
      }
      if (System.nanoTime() > end) {
        throw Turns.tooLong(session);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private boolean isLocked(UserModel user) {
    UserLoginFailureModel failures = LoginFailures.now(session, realm, user.getId());
    return failures != null && Time.currentTimeMillis() / 1000 < failures.getFailedLoginNotBefore();
  }

  /** Counts a wrong guess. */
  public void failed(UserModel user) {
    protector().failedLogin(realm, user, connection, session.getContext().getUri(), CATEGORY);
  }

  /**
   * Costs what {@link #failed} costs, here and in the thread that counts, where there is no account
   * to count against (rule 7): what the server is busy with delays the answer, too.
   */
  public void failedForNobody() {
    KeycloakSessionFactory factory = session.getKeycloakSessionFactory();
    String realmId = realm.getId();
    ExecutorService counting =
        KeycloakModelUtils.runJobInTransactionWithResult(
            factory, own -> own.getProvider(ExecutorsProvider.class).getExecutor("bruteforce"));
    counting.execute(
        () -> KeycloakModelUtils.runJobInTransaction(factory, own -> countNobody(own, realmId)));
  }

  private static void countNobody(KeycloakSession own, String realmId) {
    RealmModel ownRealm = own.realms().getRealm(realmId);
    UserLoginFailureModel nobody = own.loginFailures().getUserLoginFailure(ownRealm, NOBODY);
    if (nobody == null) {
      nobody = own.loginFailures().addUserLoginFailure(ownRealm, NOBODY);
    }
    nobody.setLastFailure(Time.currentTimeMillis());
    nobody.incrementFailures();
  }

  /** The guess was right: the account starts afresh. */
  public void succeeded(UserModel user) {
    protector().successfulLogin(realm, user, connection, session.getContext().getUri(), CATEGORY);
  }

  private BruteForceProtector protector() {
    return session.getProvider(BruteForceProtector.class);
  }
}
