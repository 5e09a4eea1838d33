package immo.moncompte.keycloak.owners;

import java.util.List;

/**
 * A batch of owners as the command-line tool sends it.
 *
 * @param dryRun answer what would be done, and do nothing
 * @param replacePasswords give provisional accounts that exist the passwords of the batch
 * @param samePerson accept a line that names somebody else than who activated the identifier
 */
public record OwnersRequest(
    boolean dryRun, boolean replacePasswords, boolean samePerson, List<Owner> owners) {

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
      LoadedPassword password) {}

  /** One contract of an owner. */
  public record LoadedContract(String reference, String role, String address) {}
}
