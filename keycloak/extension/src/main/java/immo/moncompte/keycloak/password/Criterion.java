package immo.moncompte.keycloak.password;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyProvider;

/**
 * One criterion of the realm's password policy, read from it and never written twice.
 *
 * @param id Keycloak's id of the policy, {@code length}, {@code upperCase}…
 * @param number the policy's number where it has one, else 1
 * @param missing whether the password last tried does not meet it
 */
public record Criterion(String id, int number, boolean missing) {

  /** Policies that say how to hash or how long to keep, not what to type. */
  private static final Set<String> NOT_TYPED =
      Set.of(
          PasswordPolicy.HASH_ALGORITHM_ID,
          PasswordPolicy.HASH_ITERATIONS_ID,
          PasswordPolicy.FORCE_EXPIRED_ID,
          "recoveryCodesWarningThreshold",
          PasswordPolicy.MAX_AUTH_AGE_ID);

  /** Policies that the pages' script can judge as one types; the server judges them all. */
  private static final Set<String> LIVE =
      Set.of(
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
      List.of(
          "length",
          "maxLength",
          "upperCase",
          "lowerCase",
          "digits",
          "specialChars",
          "notUsername",
          "notEmail",
          "notContainsUsername",
          "regexPattern",
          "passwordBlacklist",
          "passwordHistory",
          "passwordAge");

  /** The criteria in the order of the screens, none of them tried. */
  public static List<Criterion> of(RealmModel realm) {
    PasswordPolicy policy = realm.getPasswordPolicy();
    return policy.getPolicies().stream()
        .filter(id -> !NOT_TYPED.contains(id) && !isSaidAlready(id, policy))
        .sorted(Comparator.comparingInt(Criterion::rank))
        .map(id -> new Criterion(id, number(policy, id), false))
        .toList();
  }

  /**
   * The criteria, each tried on a password.
   *
   * @param email the address the account will have: the account does not have it yet
   */
  public static List<Criterion> tried(
      KeycloakSession session, RealmModel realm, UserModel user, String email, String password) {
    return of(realm).stream()
        .map(criterion -> criterion.triedOn(session, realm, user, email, password))
        .toList();
  }

  private Criterion triedOn(
      KeycloakSession session, RealmModel realm, UserModel user, String email, String password) {
    PasswordPolicyProvider provider = session.getProvider(PasswordPolicyProvider.class, id);
    if (provider == null) {
      return this;
    }
    boolean met =
        switch (id) {
          case "notUsername", "notEmail" -> !password.equalsIgnoreCase(email);
          case "notContainsUsername" -> !containsIgnoringCase(password, email);
          default -> provider.validate(realm, user, password) == null;
        };
    return new Criterion(id, number, !met);
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

  /** Whether the page can tell as one types; what it cannot tell is found when the form is sent. */
  public boolean live() {
    return LIVE.contains(id);
  }

  /**
   * Key of the sentence in the theme's messages; a policy the theme does not know gets a general
   * one.
   */
  public String messageKey() {
    return "criterion-" + id;
  }
}
