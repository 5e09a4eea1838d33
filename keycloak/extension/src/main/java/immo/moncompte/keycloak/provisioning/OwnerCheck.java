package immo.moncompte.keycloak.provisioning;

import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.provisioning.OwnersRequest.LoadedContract;
import immo.moncompte.keycloak.provisioning.OwnersRequest.LoadedPassword;
import immo.moncompte.keycloak.provisioning.OwnersRequest.Owner;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What one owner of a batch must be, whoever sends it. */
final class OwnerCheck {

  private static final int MAX_VALUE = 255;
  private static final int MAX_CONTRACTS = 1000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private OwnerCheck() {}

  /** The reason to refuse the owner, or null. */
  static String refusal(Owner owner) {
    if (isBlank(owner.lastName())
        || owner.contracts() == null
        || owner.contracts().isEmpty()
        || owner.contracts().contains(null)) {
      return "field_missing";
    }
    if (owner.contracts().stream().anyMatch(c -> isBlank(c.reference()) || isBlank(c.role()))) {
      return "field_missing";
    }
    if (owner.contracts().size() > MAX_CONTRACTS || isTooLong(owner)) {
      return "value_too_long";
    }
    Set<String> references = new HashSet<>();
    if (owner.contracts().stream()
        .anyMatch(c -> !references.add(c.reference() + "\n" + c.role()))) {
      return "duplicate_contract";
    }
    if (!isBlank(owner.email()) && Addresses.parse(owner.email()).isEmpty()) {
      return "email_invalid";
    }
    boolean passwordUsable = owner.password() == null || isAccepted(owner.password());
    return passwordUsable ? null : "password_format";
  }

  private static boolean isTooLong(Owner owner) {
    Stream<String> own =
        Stream.of(
            owner.civility(),
            owner.lastName(),
            owner.firstName(),
            owner.email(),
            owner.phone(),
            owner.mobile(),
            owner.address(),
            owner.postalCode(),
            owner.city());
    Stream<String> ofContracts = owner.contracts().stream().flatMap(OwnerCheck::values);
    return Stream.concat(own, ofContracts)
        .anyMatch(value -> value != null && value.length() > MAX_VALUE);
  }

  private static Stream<String> values(LoadedContract contract) {
    return Stream.of(contract.reference(), contract.role()).filter(value -> value != null);
  }

  /**
   * Exactly the two formats the tool makes. Anything else could be too weak, or, with a memory cost
   * of the sender's choice, take the server down at the owner's first try.
   */
  static boolean isAccepted(LoadedPassword password) {
    boolean rightCost =
        password.generated()
            ? "pbkdf2-sha256".equals(password.algorithm()) && password.iterations() == 1000
            : "argon2".equals(password.algorithm())
                && password.iterations() == 5
                && Integer.valueOf(7168).equals(password.memory())
                && Integer.valueOf(1).equals(password.parallelism());
    return rightCost
        && hasLength(password.salt(), SALT_BYTES)
        && hasLength(password.value(), HASH_BYTES);
  }

  private static boolean hasLength(String base64, int octets) {
    try {
      return base64 != null && Base64.getDecoder().decode(base64).length == octets;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
