package immo.moncompte.keycloak.account;

import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * An address whose mailbox was proved, on its way to become an account's email and username.
 *
 * @param email lower case
 */
public record ProvedAddress(KeycloakSession session, RealmModel realm, String email) {

  /** Whether it is somebody else's already. */
  public boolean isTakenFrom(OwnerAccount account) {
    return isAnother(session.users().getUserByEmail(realm, email), account)
        || isAnother(session.users().getUserByUsername(realm, email), account);
  }

  private static boolean isAnother(UserModel holder, OwnerAccount account) {
    return holder != null && !holder.getId().equals(account.id());
  }

  /**
   * Makes the address the account's, at once: the loser of a race is to hear it here, where the
   * entity manager's failure is a {@link org.keycloak.models.ModelDuplicateException}, and not from
   * a later query or at commit.
   */
  public void giveTo(OwnerAccount account) {
    account.user().setUsername(email);
    account.user().setEmail(email);
    account.user().setEmailVerified(true);
    session.getProvider(JpaConnectionProvider.class).getEntityManager().flush();
  }
}
