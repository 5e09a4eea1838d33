package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Logos;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.organization.OrganizationProvider;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * Logos of agencies and of the realm's brand, for the operator: {@code
 * /admin/realms/{realm}/moncompte/v1/logos}. Who comes here may manage the realm: {@link
 * AgenciesAdminResource} has checked it.
 */
public final class LogosAdminResource {

  private final KeycloakSession session;
  private final Logos logos;
  private final AdminEventBuilder adminEvent;

  LogosAdminResource(KeycloakSession session, RealmModel realm, AdminEventBuilder adminEvent) {
    this.session = session;
    this.logos = new Logos(session, realm);
    this.adminEvent = adminEvent;
  }

  /** A PNG or JPEG file, in base64. */
  record Upload(byte[] content) {}

  /** Names of the files there are. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public List<String> names() {
    return logos.names();
  }

  /** Gives the brand, or an agency, enabled or not, this logo; answers the file's name. */
  @PUT
  @Path("{alias}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, String> put(@PathParam("alias") String alias, InputStream body) {
    byte[] sent = JsonBody.read(body, Upload.class).content();
    byte[] content = sent == null ? new byte[0] : sent;
    Optional<String> put =
        alias.equals(Logos.BRAND) ? logos.putBrand(content) : logos.put(agency(alias), content);
    String name =
        put.orElseThrow(
            () ->
                Refusals.badRequest(
                    "logo_unusable",
                    "A logo is a PNG or JPEG file of at most " + Logos.MAX_BYTES / 1024 + " KB."));
    logged(OperationType.UPDATE, alias);
    return Map.of("logo", name);
  }

  @DELETE
  @Path("{alias}")
  public void remove(@PathParam("alias") String alias) {
    if (alias.equals(Logos.BRAND)) {
      logos.removeBrand();
    } else {
      logos.remove(agency(alias));
    }
    logged(OperationType.DELETE, alias);
  }

  private OrganizationModel agency(String alias) {
    OrganizationModel found = session.getProvider(OrganizationProvider.class).getByAlias(alias);
    if (found == null || AgencyCodes.ofAlias(found.getAlias()).isEmpty()) {
      throw Refusals.agencyUnknown();
    }
    return found;
  }

  private void logged(OperationType operation, String alias) {
    adminEvent.operation(operation).resourcePath("moncompte/logos/" + alias).success();
  }
}
