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

  /** The request itself is wrong (400). */
  static WebApplicationException badRequest(String error, String description) {
    return refusal(Response.Status.BAD_REQUEST, error, description);
  }

  /** The request is right, but the state of the account forbids it (409). */
  static WebApplicationException conflict(String error, String description) {
    return refusal(Response.Status.CONFLICT, error, description);
  }

  static WebApplicationException ownerUnknown() {
    return refusal(
        Response.Status.NOT_FOUND, "owner_unknown", "The agency has no such identifier.");
  }

  /** An account that its owner has frozen stays as it is (specification, rule 10). */
  static void requireNotFrozen(OwnerAccount account) {
    if (account.suspension().frozenAt() != null) {
      throw conflict(
          "account_frozen",
          "The owner has frozen this account: ask the operator, who alone opens it again.");
    }
  }

  static void requireAccepted(LoadedPassword password) {
    if (password == null || !password.isAccepted()) {
      throw badRequest(
          "password_format", "The body needs \"password\", hashed as moncompte does it.");
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
