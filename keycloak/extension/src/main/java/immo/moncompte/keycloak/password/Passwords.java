package immo.moncompte.keycloak.password;

import java.text.Normalizer;
import java.util.regex.Pattern;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Normalizes passwords, and hashes them by the realm's policy. */
public final class Passwords {

  /** Replaces an empty password, which hash providers refuse. Nobody knows it. */
  private static final String NOBODYS = KeycloakModelUtils.generateId();

  /** Spaces of every width. French keyboards easily type the no-break space. */
  private static final Pattern SPACES = Pattern.compile("\\p{Zs}");

  private Passwords() {}

  /**
   * The password in NFC, with plain spaces (RFC 8265, OpaqueString). So « é » typed on a phone
   * equals « é » typed on a computer. Every entrance does it, and so does the command that loads
   * owners.
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

  /**
   * Computes one hash when there is nothing to verify, so that time tells nothing (specification,
   * rule 7).
   */
  public static void spendOneHash(KeycloakSession session, RealmModel realm) {
    hash(session, realm, NOBODYS);
  }

  /**
   * Whether this server can verify a stored credential. An imported one may use a foreign
   * algorithm.
   */
  public static boolean canVerify(KeycloakSession session, PasswordCredentialModel credential) {
    String algorithm = credential.getPasswordCredentialData().getAlgorithm();
    return session.getProvider(PasswordHashProvider.class, algorithm) != null;
  }

  /** Whether a password matches a stored credential. An empty one costs a hash, too. */
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
