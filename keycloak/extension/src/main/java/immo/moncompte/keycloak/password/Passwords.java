package immo.moncompte.keycloak.password;

import java.text.Normalizer;
import java.util.regex.Pattern;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Passwords as typed, and their hashes by the realm's own policy. */
public final class Passwords {

  /** Stands for an empty password, which hash providers refuse; nobody knows it. */
  private static final String NOBODYS = KeycloakModelUtils.generateId();

  /** Spaces of every width: a French keyboard makes the no-break one by accident. */
  private static final Pattern SPACES = Pattern.compile("\\p{Zs}");

  private Passwords() {}

  /**
   * The password in NFC, so that « é » typed on a telephone equals « é » typed on a computer, and
   * with plain spaces (RFC 8265, OpaqueString). Done at every entrance (design 13); the command
   * that loads owners does the same.
   *
   * @param typed what was typed, possibly null
   * @return the normalized password, never null
   */
  public static String normalize(String typed) {
    if (typed == null) {
      return "";
    }
    return SPACES.matcher(Normalizer.normalize(typed, Normalizer.Form.NFC)).replaceAll(" ");
  }

  /** Hashes with the algorithm and the cost of the realm's policy. */
  public static PasswordCredentialModel hash(
      KeycloakSession session, RealmModel realm, String password) {
    return provider(session, realm)
        .encodedCredential(password, realm.getPasswordPolicy().getHashIterations());
  }

  /** Costs what one verification costs, for the cases where there is nothing to verify (rule 7). */
  public static void spendOneHash(KeycloakSession session, RealmModel realm) {
    hash(session, realm, NOBODYS);
  }

  /**
   * Whether this server knows how a stored credential was hashed: an imported one may be foreign.
   */
  public static boolean canVerify(KeycloakSession session, PasswordCredentialModel credential) {
    String algorithm = credential.getPasswordCredentialData().getAlgorithm();
    return session.getProvider(PasswordHashProvider.class, algorithm) != null;
  }

  /**
   * Whether the password is the one behind a stored credential; an empty one costs its hash too.
   */
  public static boolean verify(
      KeycloakSession session, String password, PasswordCredentialModel credential) {
    String algorithm = credential.getPasswordCredentialData().getAlgorithm();
    return session
        .getProvider(PasswordHashProvider.class, algorithm)
        .verify(password.isEmpty() ? NOBODYS : password, credential);
  }

  private static PasswordHashProvider provider(KeycloakSession session, RealmModel realm) {
    PasswordPolicy policy = realm.getPasswordPolicy();
    return policy.getHashAlgorithm() == null
        ? session.getProvider(PasswordHashProvider.class)
        : session.getProvider(PasswordHashProvider.class, policy.getHashAlgorithm());
  }
}
