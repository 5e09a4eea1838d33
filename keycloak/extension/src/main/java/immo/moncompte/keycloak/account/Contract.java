package immo.moncompte.keycloak.account;

import java.util.Map;

/**
 * One mandate, lot or lease of an owner. A contract is (agency, identifier, reference, role): the
 * same reference under another identifier is a co-owner's (spec, rule 6).
 *
 * @param agency codes of the agency, {@code 1001/01}
 * @param identifier the identifier it was loaded under, as the agency writes it
 * @param reference the agency's reference
 * @param role propriétaire, copropriétaire or locataire
 * @param address address of the property, possibly empty
 */
public record Contract(
    String agency, String identifier, String reference, String role, String address) {

  /** Whether it stands under this identifier. */
  public boolean isUnder(Identifier other) {
    return other.isWritten(agency, identifier);
  }

  /** The contract under another identifier, when it stands under the first. */
  Contract renamed(Identifier from, Identifier to) {
    return isUnder(from) ? new Contract(agency, to.written(), reference, role, address) : this;
  }

  /** Whether both are the same contract, whatever address is written on it. */
  public boolean isSameAs(Contract other) {
    return agency.equalsIgnoreCase(other.agency)
        && identifier.equalsIgnoreCase(other.identifier)
        && reference.equals(other.reference)
        && role.equals(other.role);
  }

  /**
   * What a mail says of the contract; a map, because FreeMarker takes a record's accessors for
   * methods.
   */
  public Map<String, String> inWords() {
    return Map.of("reference", reference, "role", role, "address", address);
  }
}
