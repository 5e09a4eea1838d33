package immo.moncompte.keycloak.throttle;

import java.util.Set;
import org.keycloak.common.ClientConnection;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.BruteForceProtector;

/**
 * Keycloak's brute force detection, for secrets that its own forms do not ask for.
 *
 * <p>The protector lets one guess at a time through for an account and counts it before the next,
 * so that guesses in parallel are no way round the limit. Its locks end by themselves.
 */
public final class AccountLock {

  private static final Set<String> CATEGORY = Set.of(PasswordCredentialModel.TYPE);

  private final KeycloakSession session;
  private final RealmModel realm;
  private final ClientConnection connection;

  public AccountLock(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
    this.connection = session.getContext().getConnection();
  }

  /** Whether a guess at a secret of this account may be verified now. */
  public boolean admits(UserModel user) {
    return !protector().isTemporarilyDisabled(session, realm, user);
  }

  /** Counts a wrong guess. */
  public void failed(UserModel user) {
    protector().failedLogin(realm, user, connection, session.getContext().getUri(), CATEGORY);
  }

  /** Costs what {@link #failed} costs, where there is no account to count against (rule 7). */
  public void failedForNobody() {
    KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), nothing -> {});
  }

  /** The guess was right: the account starts afresh. */
  public void succeeded(UserModel user) {
    protector().successfulLogin(realm, user, connection, session.getContext().getUri(), CATEGORY);
  }

  private BruteForceProtector protector() {
    return session.getProvider(BruteForceProtector.class);
  }
}
