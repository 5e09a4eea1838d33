package immo.moncompte.keycloak.account;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.Locale;

/**
 * What one agency knows about one of its owners. No agency sees or changes what another knows
 * (specification, rule 10).
 *
 * @param agency codes of the agency, {@code 1001/01}
 * @param identifier the identifier, as the agency writes it
 * @param email the address the agency holds, not proved by anybody; empty when it has none
 */
public record Contact(
    String agency,
    String identifier,
    String civility,
    @JsonProperty("last_name") String lastName,
    @JsonProperty("first_name") String firstName,
    String email,
    String phone,
    String mobile,
    String address,
    @JsonProperty("postal_code") String postalCode,
    String city) {

  /** Writes a contact as its fields in order, without their names. */
  private static final ObjectMapper IN_ORDER = new ObjectMapper();

  static {
    IN_ORDER
        .configOverride(Contact.class)
        .setFormat(JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY));
  }

  /**
   * The value of an attribute. Without names, it seldom exceeds 255 characters, above which
   * Keycloak hashes a value twice and keeps two indexes.
   */
  public String stored() {
    try {
      return IN_ORDER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A contact as {@link #stored} wrote it. */
  public static Contact ofStored(String stored) {
    try {
      return IN_ORDER.readValue(stored, Contact.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the agency keeps it under this identifier. */
  public boolean isUnder(Identifier other) {
    return other.isWritten(agency, identifier);
  }

  /** First and last name, as a person reads them. */
  public String name() {
    return (firstName + " " + lastName).strip();
  }

  /** The contact under another identifier, if it is under the first. */
  Contact renamed(Identifier from, Identifier to) {
    if (!isUnder(from)) {
      return this;
    }
    return new Contact(
        agency,
        to.written(),
        civility,
        lastName,
        firstName,
        email,
        phone,
        mobile,
        address,
        postalCode,
        city);
  }

  /**
   * Whether the other names somebody else: last and first name both differ, case and accents aside.
   * Companies and successions have no first name: theirs differs when the last name does.
   */
  public boolean isDifferentPerson(Contact other) {
    return !plain(lastName).equals(plain(other.lastName))
        && (plain(firstName).isEmpty() || !plain(firstName).equals(plain(other.firstName)));
  }

  private static String plain(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .replaceAll("[^\\p{L}]", "")
        .toLowerCase(Locale.ROOT);
  }

  /** Whether both belong to one agency and one identifier. */
  public boolean isAbout(Contact other) {
    return agency.equalsIgnoreCase(other.agency) && identifier.equalsIgnoreCase(other.identifier);
  }
}
