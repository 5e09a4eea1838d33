package immo.moncompte.keycloak.account;

import java.util.Map;

/**
 * One mandate, lot or lease of an owner, identified by agency, identifier, reference and role. The
 * same reference under another identifier belongs to a co-owner (specification, rule 6).
 *
 * @param agency codes of the agency, {@code 1001/01}
 * @param identifier the identifier it was loaded under, as the agency writes it
 * @param reference the agency's reference
 * @param role propriétaire, copropriétaire or locataire
 * @param address address of the property, possibly empty
 */
public record Contract(
    String agency, String identifier, String reference, String role, String address) {

  /** Whether it is under this identifier. */
  public boolean isUnder(Identifier other) {
    return other.isWritten(agency, identifier);
  }

  /** The contract under another identifier, if it is under the first. */
  Contract renamed(Identifier from, Identifier to) {
    return isUnder(from) ? new Contract(agency, to.written(), reference, role, address) : this;
  }

  /** Whether both are the same contract. The address may differ. */
  public boolean isSameAs(Contract other) {
    return agency.equalsIgnoreCase(other.agency)
        && identifier.equalsIgnoreCase(other.identifier)
        && reference.equals(other.reference)
        && role.equals(other.role);
  }

  /**
   * What a mail says about the contract. A map, because FreeMarker takes a record's accessors for
   * methods.
   */
  public Map<String, String> inWords() {
    return Map.of("reference", reference, "role", role, "address", address);
  }
}
