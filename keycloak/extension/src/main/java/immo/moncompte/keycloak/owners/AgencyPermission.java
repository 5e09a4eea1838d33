package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * Who may reach an agency's owners: the operator, who may manage the realm, and the service
 * accounts that the agency's organization names (specification, rule 10; {@code moncompte agencies
 * credentials}).
 *
 * <p>An agency names a service account by the id of its user, which Keycloak makes, never uses
 * again, and removes with the client: neither a client of the same name nor a user who was given
 * roles or groups can step into its place. To write the name one has to manage the realm or its
 * organizations. Managing users is not enough for anything here: whoever may only do that for one
 * agency could not be kept from the others.
 */
final class AgencyPermission {

  private AgencyPermission() {}

  /**
   * The agency of an alias, if the caller may reach its owners.
   *
   * @param alias {@code 1001-01}
   * @throws jakarta.ws.rs.WebApplicationException {@code agency_forbidden} (403) in the same words
   *     whether the agency exists or not; {@code agency_unknown} (404) to the operator only
   */
  static Agency require(
      KeycloakSession session,
      RealmModel realm,
      AdminPermissionEvaluator permissions,
      String alias) {
    Optional<Agency> agency = Agency.findByAlias(session, alias);
    if (permissions.realm().canManageRealm()) {
      return agency.orElseThrow(Refusals::agencyUnknown);
    }
    return agency
        .filter(found -> names(found, realm, permissions.adminAuth()))
        .orElseThrow(Refusals::agencyForbidden);
  }

  private static boolean names(Agency agency, RealmModel realm, AdminAuth caller) {
    UserModel user = caller.getUser();
    boolean isServiceAccount =
        caller.getRealm().getId().equals(realm.getId())
            && caller.getClient().getId().equals(user.getServiceAccountClientLink());
    return isServiceAccount && agency.managedBy().contains(user.getId());
  }
}
