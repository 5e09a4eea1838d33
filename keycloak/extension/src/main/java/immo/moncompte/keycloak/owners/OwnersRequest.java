package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.PlainText;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A batch of owners as the command-line tool sends it.
 *
 * @param dryRun answer what would be done, and do nothing
 * @param replacePasswords give provisional accounts that exist the passwords of the batch
 * @param samePerson accept a line that names somebody else than who activated the identifier
 */
public record OwnersRequest(
    boolean dryRun, boolean replacePasswords, boolean samePerson, List<Owner> owners) {

  private static final int MAX_VALUE = 255;
  private static final int MAX_CONTRACTS = 1000;

  /** One contract of an owner. */
  public record LoadedContract(String reference, String role, String address) {

    private boolean isNamed() {
      return !isBlank(reference) && !isBlank(role);
    }
  }

  /** One owner of the agency's file, with the contracts of all its lines. */
  public record Owner(
      String identifier,
      String civility,
      String lastName,
      String firstName,
      String email,
      String phone,
      String mobile,
      String address,
      String postalCode,
      String city,
      List<LoadedContract> contracts,
      LoadedPassword password) {

    /** The reason to refuse the owner, whoever sends it, or null. */
    String refusal() {
      if (isBlank(lastName)
          || contracts == null
          || contracts.isEmpty()
          || contracts.contains(null)
          || !contracts.stream().allMatch(LoadedContract::isNamed)) {
        return "field_missing";
      }
      if (contracts.size() > MAX_CONTRACTS
          || values().anyMatch(value -> value.length() > MAX_VALUE)) {
        return "value_too_long";
      }
      if (!values().allMatch(PlainText::is)) {
        return "characters_invalid";
      }
      long different = contracts.stream().map(c -> c.reference + "\n" + c.role).distinct().count();
      if (different < contracts.size()) {
        return "duplicate_contract";
      }
      if (!isBlank(email) && EmailAddress.parse(email).isEmpty()) {
        return "email_invalid";
      }
      return password == null || password.isAccepted() ? null : "password_format";
    }

    private Stream<String> values() {
      return Stream.concat(
              Stream.of(
                  civility, lastName, firstName, email, phone, mobile, address, postalCode, city),
              contracts.stream().flatMap(c -> Stream.of(c.reference, c.role, c.address)))
          .filter(Objects::nonNull);
    }

    /** What the agency says of the owner. */
    Contact contact(String codes, Identifier parsed) {
      return new Contact(
          codes,
          parsed.written(),
          nullToEmpty(civility),
          nullToEmpty(lastName),
          nullToEmpty(firstName),
          EmailAddress.parse(email).orElse(""),
          nullToEmpty(phone),
          nullToEmpty(mobile),
          nullToEmpty(address),
          nullToEmpty(postalCode),
          nullToEmpty(city));
    }

    List<Contract> contracts(String codes, Identifier parsed) {
      return contracts.stream()
          .map(
              one ->
                  new Contract(
                      codes, parsed.written(), one.reference, one.role, nullToEmpty(one.address)))
          .toList();
    }
  }

  static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }
}
