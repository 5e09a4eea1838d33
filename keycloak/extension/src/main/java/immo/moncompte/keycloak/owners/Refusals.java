package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Set;

/** Refusals of a whole request, as problem details (RFC 9457) with a {@code code} of ours. */
final class Refusals {

  private Refusals() {}

  private record Problem(String type, String title, int status, String code, String detail) {}

  /** The type is about:blank, so that the title is the status in words; programs read the code. */
  static WebApplicationException refusal(Response.Status status, String code, String detail) {
    Problem problem =
        new Problem("about:blank", status.getReasonPhrase(), status.getStatusCode(), code, detail);
    return new WebApplicationException(
        Response.status(status)
            .type("application/problem+json")
            .entity(Json.write(problem))
            .build());
  }

  /** The request itself is wrong (400). */
  static WebApplicationException badRequest(String code, String detail) {
    return refusal(Response.Status.BAD_REQUEST, code, detail);
  }

  /** The request is right, but the state of the account forbids it (409). */
  static WebApplicationException conflict(String code, String detail) {
    return refusal(Response.Status.CONFLICT, code, detail);
  }

  static WebApplicationException pathUnknown() {
    return refusal(Response.Status.NOT_FOUND, "path_unknown", "There is no such path.");
  }

  static WebApplicationException methodUnknown(Set<String> methods) {
    String allowed = String.join(", ", methods);
    Response refusal =
        refusal(
                Response.Status.METHOD_NOT_ALLOWED,
                "method_unknown",
                "The path has only " + allowed + ".")
            .getResponse();
    return new WebApplicationException(
        Response.fromResponse(refusal).header(HttpHeaders.ALLOW, allowed).build());
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
