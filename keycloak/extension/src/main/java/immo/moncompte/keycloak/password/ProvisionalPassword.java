package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.keycloak.common.util.Time;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * The password of an agency's letter, a credential of its own type.
 *
 * <p>A password that the agency chose is hashed with Argon2id. One that we generated has at least
 * 64 random bits, so a salted PBKDF2 of few rounds is enough. A verification always costs one of
 * each, with or without an account, so that time tells nothing.
 */
public final class ProvisionalPassword {

  /** How generated passwords are hashed. */
  public static final String GENERATED_ALGORITHM = "pbkdf2-sha256";

  public static final int GENERATED_ROUNDS = 100;
  private static final PasswordCredentialModel NOBODY = nobody();

  private ProvisionalPassword() {}

  /**
   * Checks a provisional password at the same cost in every case.
   *
   * @param typed what was typed
   * @param credential the stored credential, or null when there is no account or it may not be used
   */
  public static boolean verify(
      KeycloakSession session, RealmModel realm, String typed, CredentialModel credential) {
    if (credential == null) {
      Passwords.spendOneHash(session, realm);
      Passwords.verify(session, canonical(Passwords.normalize(typed).strip()), NOBODY);
      return false;
    }
    if (isGenerated(credential)) {
      Passwords.spendOneHash(session, realm);
    } else {
      Passwords.verify(session, canonical(Passwords.normalize(typed).strip()), NOBODY);
    }
    return matches(session, typed, credential);
  }

  /** Checks a provisional password at the cost of its own hash: never for somebody who guesses. */
  public static boolean matches(KeycloakSession session, String typed, CredentialModel credential) {
    String password = Passwords.normalize(typed).strip();
    return Passwords.verify(
        session,
        isGenerated(credential) ? canonical(password) : password,
        PasswordCredentialModel.createFromCredentialModel(credential));
  }

  /**
   * Whether we generated it. Then guessing is hopeless, and the account needs no lock
   * (specification, rule 8).
   */
  public static boolean isGenerated(CredentialModel credential) {
    // By its algorithm, because the Admin API can change the label.
    return GENERATED_ALGORITHM.equals(
        PasswordCredentialModel.createFromCredentialModel(credential)
            .getPasswordCredentialData()
            .getAlgorithm());
  }

  /** A credential to store, from a hash made by the command-line tool. */
  public static CredentialModel credential(
      String algorithm,
      int rounds,
      byte[] salt,
      String value,
      Map<String, List<String>> parameters,
      boolean generated) {
    CredentialModel credential =
        PasswordCredentialModel.createFromValues(algorithm, salt, rounds, parameters, value);
    credential.setType(OwnerAccount.PROVISIONAL_PASSWORD);
    credential.setUserLabel(generated ? "generated" : "chosen by the agency");
    credential.setCreatedDate(Time.currentTimeMillis());
    return credential;
  }

  /** The hashed part of a generated password. Groups, dashes and case only make it readable. */
  private static String canonical(String password) {
    return password.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static PasswordCredentialModel nobody() {
    String value = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    return PasswordCredentialModel.createFromValues(
        GENERATED_ALGORITHM, new byte[16], GENERATED_ROUNDS, Map.of(), value);
  }
}
