package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.credential.dto.PasswordSecretData;

/**
 * A provisional password, hashed by the command.
 *
 * <p>The costs say what the sender did; only those below are accepted. Anything else could be too
 * weak, or, with a memory cost of the sender's choice, take the server down at the owner's first
 * try.
 *
 * @param memory KiB, Argon2 only
 * @param salt Base64
 * @param value the hash, Base64
 */
public record LoadedPassword(
    String algorithm,
    int iterations,
    Integer memory,
    Integer parallelism,
    String salt,
    String value,
    boolean generated) {

  private static final String ARGON2 = "argon2";
  private static final int ARGON2_ITERATIONS = 5;
  private static final int ARGON2_MEMORY = 7168;
  private static final int ARGON2_PARALLELISM = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private static final Map<String, List<String>> ARGON2_PARAMETERS =
      Map.of(
          "hashLength", List.of(Integer.toString(HASH_BYTES)),
          "memory", List.of(Integer.toString(ARGON2_MEMORY)),
          "type", List.of("id"),
          "version", List.of("1.3"),
          "parallelism", List.of(Integer.toString(ARGON2_PARALLELISM)));

  /** Whether it is hashed in one of the two ways that are accepted. */
  boolean isAccepted() {
    boolean hasRightCost =
        generated
            ? ProvisionalPassword.GENERATED_ALGORITHM.equals(algorithm)
                && iterations == ProvisionalPassword.GENERATED_ROUNDS
            : ARGON2.equals(algorithm)
                && iterations == ARGON2_ITERATIONS
                && Integer.valueOf(ARGON2_MEMORY).equals(memory)
                && Integer.valueOf(ARGON2_PARALLELISM).equals(parallelism);
    return hasRightCost && hasLength(salt, SALT_BYTES) && hasLength(value, HASH_BYTES);
  }

  private static boolean hasLength(String base64, int octets) {
    try {
      return base64 != null && Base64.getDecoder().decode(base64).length == octets;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether the stored credential is this very password: same salt, same hash. */
  boolean isStoredIn(CredentialModel credential) {
    PasswordSecretData stored =
        PasswordCredentialModel.createFromCredentialModel(credential).getPasswordSecretData();
    return stored.getValue().equals(value)
        && Arrays.equals(stored.getSalt(), Base64.getDecoder().decode(salt));
  }

  /**
   * Replaces the provisional password of an account. Its time starts now, and the owner starts
   * again with another letter.
   */
  void giveTo(OwnerAccount account, RealmModel realm) {
    account.replaceCredential(
        ProvisionalPassword.credential(
            algorithm,
            iterations,
            Base64.getDecoder().decode(salt),
            value,
            generated ? Map.of() : ARGON2_PARAMETERS,
            generated));
    account.endPendingActivation();
    account.letter().forget();
    account.letter().setExpires(Instant.now().plus(RealmSettings.provisionalLifetime(realm)));
  }
}
