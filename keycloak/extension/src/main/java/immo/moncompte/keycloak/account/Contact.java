package immo.moncompte.keycloak.account;

import com.fasterxml.jackson.annotation.JsonProperty;

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

  /**
   * The value of an attribute: its fields in order, without their names. So it seldom exceeds 255
   * characters, above which Keycloak hashes a value twice and keeps two indexes.
   */
  public String stored() {
    return Json.write(
        new String[] {
          agency,
          identifier,
          civility,
          lastName,
          firstName,
          email,
          phone,
          mobile,
          address,
          postalCode,
          city
        });
  }

  /** A contact as {@link #stored} wrote it. */
  public static Contact ofStored(String stored) {
    String[] values = Json.read(stored, String[].class);
    return new Contact(
        values[0],
        values[1],
        values[2],
        values[3],
        values[4],
        values[5],
        values[6],
        values[7],
        values[8],
        values[9],
        values[10]);
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

  /** Whether both belong to one agency and one identifier. */
  public boolean isAbout(Contact other) {
    return agency.equalsIgnoreCase(other.agency) && identifier.equalsIgnoreCase(other.identifier);
  }
}
