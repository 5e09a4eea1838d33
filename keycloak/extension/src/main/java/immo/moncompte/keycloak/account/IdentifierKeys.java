package immo.moncompte.keycloak.account;

import java.util.List;
import java.util.Optional;

/**
 * The bare forms of an account's identifiers, by which it is found in any spelling (specification,
 * rule 15).
 */
public record IdentifierKeys(OwnerAccount account) {

  /**
   * Attribute that holds them where they are others than the identifiers themselves: {@code
   * 1001/01/p00012} of {@code 1001/01/p-00012}.
   */
  public static final String ATTRIBUTE = "identifier_keys";

  public void write() {
    account.user().setAttribute(ATTRIBUTE, keys());
  }

  /** Whether one is missing, as in accounts that are older than the attribute. */
  public boolean areMissing() {
    return !account.user().getAttributeStream(ATTRIBUTE).toList().containsAll(keys());
  }

  private List<String> keys() {
    List<String> identifiers = account.identifiers();
    return identifiers.stream()
        .map(one -> Identifier.ofValue(one).bareValue())
        .filter(bare -> !identifiers.contains(bare))
        .distinct()
        .toList();
  }

  /**
   * Which identifier of the account is meant: the one so written, or else the only one of the same
   * bare form.
   */
  public Optional<Identifier> meant(Identifier typed) {
    if (isWritten(typed)) {
      return Optional.of(typed);
    }
    List<Identifier> alike =
        account.identifiers().stream()
            .map(Identifier::ofValue)
            .filter(one -> one.bareValue().equals(typed.bareValue()))
            .toList();
    return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
  }

  /** Whether the account has an identifier that is so written. */
  public boolean isWritten(Identifier typed) {
    return account.identifiers().contains(typed.attributeValue());
  }
}
