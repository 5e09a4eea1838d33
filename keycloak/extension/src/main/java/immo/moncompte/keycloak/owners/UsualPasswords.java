package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.password.Passwords;
import java.util.List;
import java.util.stream.Stream;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Administrators whose password everybody tries first. Stored hashes are compared: nothing counts
 * as a sign-in.
 */
final class UsualPasswords {

  private static final List<String> WORDS =
      List.of(
          "admin",
          "azerty",
          "changeit",
          "changeme",
          "demo",
          "keycloak",
          "motdepasse",
          "password",
          "secret",
          "test");

  /** Comparing costs some 30 ms a word. */
  private static final int MOST = 10;

  private UsualPasswords() {}

  /** Usernames of those who have the role admin itself, at most {@link #MOST} of them looked at. */
  static List<String> ofAdministrators(KeycloakSession session, RealmModel realm) {
    RoleModel role = realm.getRole(AdminRoles.ADMIN);
    if (role == null) {
      return List.of();
    }
    return session
        .users()
        .getRoleMembersStream(realm, role, 0, MOST)
        .filter(user -> isUsual(session, user))
        .map(UserModel::getUsername)
        .toList();
  }

  private static boolean isUsual(KeycloakSession session, UserModel user) {
    List<String> words = Stream.concat(WORDS.stream(), Stream.of(user.getUsername())).toList();
    List<PasswordCredentialModel> stored =
        user.credentialManager()
            .getStoredCredentialsByTypeStream(PasswordCredentialModel.TYPE)
            .map(PasswordCredentialModel::createFromCredentialModel)
            .filter(one -> Passwords.canVerify(session, one))
            .toList();
    return stored.stream()
        .anyMatch(one -> words.stream().anyMatch(word -> Passwords.verify(session, word, one)));
  }
}
