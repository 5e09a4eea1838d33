package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * {@code /admin/realms/{realm}/moncompte}. What is below an agency is for those who may act for it.
 * Logos and the installation are the operator's.
 */
public final class AgenciesAdminResource {

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

  /** What concerns one agency, {@code 1001-01}. */
  @Path("agencies/{alias}")
  public AgencyResource agency(@PathParam("alias") String alias) {
    Agency agency = AgencyPermission.require(session, realm, permissions, alias);
    return new AgencyResource(
        new AgencyRequest(session, realm, agency, permissions.adminAuth().getClient(), adminEvent));
  }

  /** The logos of agencies and of the brand. */
  @Path("logos")
  public LogosAdminResource logos() {
    permissions.realm().requireManageRealm();
    return new LogosAdminResource(session, realm, adminEvent);
  }

  /** The node that answers, and the realm's mail server. */
  @Path("installation")
  public InstallationAdminResource installation() {
    permissions.realm().requireManageRealm();
    return new InstallationAdminResource(session, realm);
  }
}
