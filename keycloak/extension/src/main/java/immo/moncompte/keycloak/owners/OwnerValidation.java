package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.PlainText;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;
import immo.moncompte.keycloak.owners.OwnersRequest.Owner;
import java.util.Base64;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What one owner of a batch must be, whoever sends it. */
final class OwnerValidation {

  private static final int MAX_VALUE = 255;
  private static final int MAX_CONTRACTS = 1000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private OwnerValidation() {}

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
    if (owner.contracts().size() > MAX_CONTRACTS
        || values(owner).anyMatch(value -> value.length() > MAX_VALUE)) {
      return "value_too_long";
    }
    if (!values(owner).allMatch(PlainText::is)) {
      return "characters_invalid";
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

  private static Stream<String> values(Owner owner) {
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
    Stream<String> ofContracts =
        owner.contracts().stream().flatMap(c -> Stream.of(c.reference(), c.role(), c.address()));
    return Stream.concat(own, ofContracts).filter(Objects::nonNull);
  }

  /**
   * Exactly the two formats the tool makes. Anything else could be too weak, or, with a memory cost
   * of the sender's choice, take the server down at the owner's first try.
   */
  static boolean isAccepted(LoadedPassword password) {
    boolean rightCost =
        password.generated()
            ? "pbkdf2-sha256".equals(password.algorithm()) && password.iterations() == 100
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
