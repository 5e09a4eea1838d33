package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;

/**
 * To undo a merge for one of the identifiers it brought.
 *
 * @param dryRun answer what would go back, and change nothing
 * @param identifier the identifier that goes back
 * @param password its new provisional password; may be null in a dry run only
 */
public record UndoRequest(
    @JsonProperty("dry_run") boolean dryRun,
    @JsonProperty("identifier") String identifier,
    @JsonProperty("password") LoadedPassword password) {}
