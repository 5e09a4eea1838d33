package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Refusals of a whole request, in Keycloak's form: {@code error} and {@code error_description}. */
final class Refusals {

  private Refusals() {}

  static WebApplicationException refusal(Response.Status status, String error, String description) {
    return new WebApplicationException(
        Response.status(status)
            .type(MediaType.APPLICATION_JSON)
            .entity(Map.of("error", error, "error_description", description))
            .build());
  }

  static WebApplicationException ownerUnknown() {
    return refusal(
        Response.Status.NOT_FOUND, "owner_unknown", "The agency has no such identifier.");
  }

  /**
   * Refuses what would change an account that its owner has frozen (« Ce n'était pas moi »): what
   * was disputed stays as it is until the operator has looked at it and opens the account.
   *
   * @throws WebApplicationException {@code account_frozen} (409) when it is frozen
   */
  static void requireNotFrozen(OwnerAccount account) {
    if (account.frozenAt() != null) {
      throw refusal(
          Response.Status.CONFLICT,
          "account_frozen",
          "The owner has frozen this account: ask the operator, who alone opens it again.");
    }
  }

  /** To the operator: the realm has no agency of this alias. */
  static WebApplicationException agencyUnknown() {
    return refusal(
        Response.Status.NOT_FOUND,
        "agency_unknown",
        "The realm has no such agency, or it is switched off.");
  }

  /** To everybody else: the same words whether the agency is another's or nobody's. */
  static WebApplicationException agencyForbidden() {
    return refusal(
        Response.Status.FORBIDDEN,
        "agency_forbidden",
        "This client may not reach that agency, or it is switched off, or there is none.");
  }
}
