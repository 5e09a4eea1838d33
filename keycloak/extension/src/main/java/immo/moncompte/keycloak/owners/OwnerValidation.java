package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.PlainText;
import immo.moncompte.keycloak.owners.OwnersRequest.Owner;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What one owner of a batch must be, whoever sends it. */
final class OwnerValidation {

  private static final int MAX_VALUE = 255;
  private static final int MAX_CONTRACTS = 1000;

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
    if (!isBlank(owner.email()) && EmailAddress.parse(owner.email()).isEmpty()) {
      return "email_invalid";
    }
    boolean passwordUsable = owner.password() == null || owner.password().isAccepted();
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

  static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
