package immo.moncompte.keycloak.password;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyProvider;

/**
 * One criterion that a new password must meet, read from the realm's password policy.
 *
 * @param id Keycloak's id of the policy, {@code length}, {@code upperCase}…
 * @param number the policy's number where it has one, else 1
 */
record Criterion(String id, int number) {

  /** Policies about hashing and lifetimes: there is nothing to type for them. */
  private static final Set<String> NOT_TYPED =
      Set.of(
          PasswordPolicy.HASH_ALGORITHM_ID,
          PasswordPolicy.HASH_ITERATIONS_ID,
          PasswordPolicy.FORCE_EXPIRED_ID,
          "recoveryCodesWarningThreshold",
          PasswordPolicy.MAX_AUTH_AGE_ID);

  /** Policies that the pages' script can judge as one types. The server judges them all. */
  private static final List<String> LIVE =
      List.of(
          "length",
          "maxLength",
          "upperCase",
          "lowerCase",
          "digits",
          "specialChars",
          "notUsername",
          "notEmail",
          "notContainsUsername");

  private static final List<String> ORDER =
      Stream.concat(
              LIVE.stream(),
              Stream.of("regexPattern", "passwordBlacklist", "passwordHistory", "passwordAge"))
          .toList();

  /** The criteria of a realm in the order of the screens. */
  static List<Criterion> of(RealmModel realm) {
    PasswordPolicy policy = realm.getPasswordPolicy();
    return policy.getPolicies().stream()
        .filter(id -> !NOT_TYPED.contains(id) && !isSaidAlready(id, policy))
        .sorted(Comparator.comparingInt(Criterion::rank))
        .map(id -> new Criterion(id, number(policy, id)))
        .toList();
  }

  /**
   * Whether a password meets the criterion.
   *
   * @param email the address the account will have: it may not have it yet
   */
  boolean isMet(
      KeycloakSession session, RealmModel realm, UserModel user, String email, String password) {
    PasswordPolicyProvider provider = session.getProvider(PasswordPolicyProvider.class, id);
    if (provider == null) {
      return true;
    }
    return switch (id) {
      case "notUsername", "notEmail" -> !password.equalsIgnoreCase(email);
      case "notContainsUsername" -> !containsIgnoringCase(password, email);
      default -> provider.validate(realm, user, password) == null;
    };
  }

  private static boolean containsIgnoringCase(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  /** The username of a personal account is its address: both policies ask for the same. */
  private static boolean isSaidAlready(String id, PasswordPolicy policy) {
    return id.equals("notUsername") && policy.getPolicies().contains("notEmail");
  }

  private static int number(PasswordPolicy policy, String id) {
    Object config = policy.getPolicyConfig(id);
    return config instanceof Integer value ? value : 1;
  }

  private static int rank(String id) {
    int place = ORDER.indexOf(id);
    return place < 0 ? ORDER.size() : place;
  }

  /** Whether the page can tell as one types. What it cannot tell is found when the form is sent. */
  boolean isLive() {
    return LIVE.contains(id);
  }

  /** Key of its sentence in the theme's messages. */
  String messageKey() {
    return "criterion-" + id;
  }
}
