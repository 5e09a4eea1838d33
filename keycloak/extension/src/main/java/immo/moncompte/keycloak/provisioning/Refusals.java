package immo.moncompte.keycloak.provisioning;

import immo.moncompte.keycloak.agency.Agency;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.keycloak.models.KeycloakSession;

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

  /** The agency of an alias, or the refusal that says there is none. */
  static Agency requireAgency(KeycloakSession session, String alias) {
    return Agency.findByAlias(session, alias)
        .orElseThrow(
            () ->
                refusal(
                    Response.Status.NOT_FOUND,
                    "agency_unknown",
                    "The realm has no such agency, or it is switched off."));
  }
}
