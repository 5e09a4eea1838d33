package immo.moncompte.keycloak.core;

import java.util.Set;
import java.util.concurrent.ExecutorService;
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
 * <p>Keycloak verifies one guess at a time for an account. It answers a second one that arrives
 * meanwhile as if it were wrong. Its locks end by themselves.
 */
public record BruteForce(KeycloakSession session, RealmModel realm) {

  private static final int LINK_PAGE_FACTOR = 3;
  private static final String NOBODY = "nobody";
  private static final Set<String> CATEGORY = Set.of(PasswordCredentialModel.TYPE);

  /** Whether a guess at a secret of this account may be verified now. See {@link #refund}. */
  public boolean admits(UserModel user) {
    return !protector().isTemporarilyDisabled(session, realm, user)
        // Again: the protector read the lock before it knew that no other guess is under way.
        && !isLocked(user)
        && admitsOnLinkPage(user);
  }

  /**
   * Keycloak verifies guesses in parallel where there is no sign-in, as on the page of a link. So
   * they are counted before they are verified. The limit is above Keycloak's own, which locks
   * first: an operator who lifts that lock lets the owner in.
   */
  private boolean admitsOnLinkPage(UserModel user) {
    return isSignIn()
        || new Throttle(session, realm)
            .admits(onLinkPage(user), LINK_PAGE_FACTOR * realm.getFailureFactor());
  }

  private boolean isSignIn() {
    return session.getContext().getAuthenticationSession() != null;
  }

  private static String onLinkPage(UserModel user) {
    return "link-password:" + user.getId();
  }

  /** The guess was right: takes back what {@link #admits} has counted. */
  public void refund(UserModel user) {
    if (!isSignIn()) {
      new Throttle(session, realm).refund(onLinkPage(user));
    }
  }

  private boolean isLocked(UserModel user) {
    UserLoginFailureModel failures = LoginFailures.now(session, realm, user.getId());
    return failures != null && Time.currentTimeMillis() / 1000 < failures.getFailedLoginNotBefore();
  }

  /** Counts a wrong guess. */
  public void failed(UserModel user) {
    protector().failedLogin(realm, user, connection(), session.getContext().getUri(), CATEGORY);
  }

  /**
   * Costs what {@link #failed} costs, where there is no account to count against (specification,
   * rule 7). The work of the counting thread delays answers, too, so it is done as well.
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
    protector().successfulLogin(realm, user, connection(), session.getContext().getUri(), CATEGORY);
  }

  private ClientConnection connection() {
    return session.getContext().getConnection();
  }

  private BruteForceProtector protector() {
    return session.getProvider(BruteForceProtector.class);
  }
}
