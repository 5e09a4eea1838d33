package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.OrganizationRepresentation;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * {@code /admin/realms/{realm}/moncompte/v1}, described in docs/owners-api.yaml. What is below an
 * agency is for those who may act for it: the operator, who may manage the realm, and the service
 * accounts that the agency's organization names (specification, rule 10; {@code moncompte agencies
 * credentials}). Logos and the installation are the operator's.
 */
public final class AgenciesAdminResource {

  private static final String V1 = "v1/";

  private final KeycloakSession session;
  private final RealmModel realm;
  private final AdminPermissionEvaluator permissions;
  private final AdminEventBuilder adminEvent;

  AgenciesAdminResource(
      KeycloakSession session,
      RealmModel realm,
      AdminPermissionEvaluator permissions,
      AdminEventBuilder adminEvent) {
    this.session = session;
    this.realm = realm;
    this.permissions = permissions;
    this.adminEvent = adminEvent;
  }

  /** The description of this resource, for whoever has a token. */
  @GET
  @Path(V1 + "openapi.yaml")
  @Produces("application/yaml")
  public InputStream description() {
    return AgenciesAdminResource.class.getResourceAsStream("/owners-api.yaml");
  }

  /** Every organization of the realm. */
  @GET
  @Path(V1 + "agencies")
  @Produces(MediaType.APPLICATION_JSON)
  public List<OrganizationRepresentation> agencies() {
    permissions.realm().requireViewRealm();
    return new Organizations(session, realm).all();
  }

  /**
   * What concerns one agency, {@code 1001-01}.
   *
   * @throws jakarta.ws.rs.WebApplicationException {@code agency_forbidden} (403) in the same words
   *     whether the agency exists or not; {@code agency_unknown} (404) to the operator only; see
   *     {@link AgencyPaths}
   */
  @Path(V1 + "agencies/{alias}")
  public AgencyResource agency(@PathParam("alias") String alias) {
    Optional<Agency> found = Agency.findByAlias(session, alias);
    Agency agency =
        permissions.realm().canManageRealm()
            ? found.orElseThrow(Refusals::agencyUnknown)
            : found.filter(this::isManaged).orElseThrow(Refusals::agencyForbidden);
    AgencyPaths.require(session.getContext().getHttpRequest());
    return new AgencyResource(
        new AgencyRequest(session, realm, agency, permissions.adminAuth().getClient(), adminEvent));
  }

  /**
   * Whether the caller is a service account that the agency names. It names the id of the user,
   * which Keycloak makes, never uses again, and removes with the client: neither a client of the
   * same name nor a user with roles can step into its place. To manage users is not enough, because
   * who may do that for one agency could not be kept from the others.
   */
  private boolean isManaged(Agency agency) {
    AdminAuth caller = permissions.adminAuth();
    UserModel user = caller.getUser();
    boolean isServiceAccount =
        caller.getRealm().getId().equals(realm.getId())
            && caller.getClient().getId().equals(user.getServiceAccountClientLink());
    return isServiceAccount && agency.managedBy().contains(user.getId());
  }

  /** The logos of agencies and of the brand. */
  @Path(V1 + "logos")
  public LogosAdminResource logos() {
    permissions.realm().requireManageRealm();
    return new LogosAdminResource(session, realm, adminEvent);
  }

  /** The node that answers, and the realm's mail server. */
  @Path(V1 + "installation")
  public InstallationAdminResource installation() {
    permissions.realm().requireManageRealm();
    return new InstallationAdminResource(session, realm);
  }
}
