package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A batch of owners as the command-line tool sends it.
 *
 * @param dryRun answer what would be done, and do nothing
 * @param replacePasswords give provisional accounts that exist the passwords of the batch
 * @param samePerson accept a line that names somebody else than who activated the identifier
 */
public record OwnersRequest(
    @JsonProperty("dry_run") boolean dryRun,
    @JsonProperty("replace_passwords") boolean replacePasswords,
    @JsonProperty("same_person") boolean samePerson,
    @JsonProperty("owners") List<Owner> owners) {

  /** One owner of the agency's file, with the contracts of all its lines. */
  public record Owner(
      String identifier,
      String civility,
      @JsonProperty("last_name") String lastName,
      @JsonProperty("first_name") String firstName,
      String email,
      String phone,
      String mobile,
      String address,
      @JsonProperty("postal_code") String postalCode,
      String city,
      List<LoadedContract> contracts,
      LoadedPassword password) {}

  /** One contract of an owner. */
  public record LoadedContract(String reference, String role, String address) {}
}
