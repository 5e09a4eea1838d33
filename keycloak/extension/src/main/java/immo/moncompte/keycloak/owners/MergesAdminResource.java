package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Sessions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * Undoing merges of an agency's identifiers: {@code
 * /admin/realms/{realm}/moncompte/agencies/{alias}/merges}. Which merges there are, {@code GET
 * agencies/{alias}/owners/{identifier}} tells. Who comes here may touch the agency: {@link
 * AgenciesAdminResource} has checked it.
 */
public final class MergesAdminResource {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final AdminPermissionEvaluator permissions;
  private final AdminEventBuilder adminEvent;
  private final Agency agency;

  MergesAdminResource(
      KeycloakSession session,
      RealmModel realm,
      AdminPermissionEvaluator permissions,
      AdminEventBuilder adminEvent,
      Agency agency) {
    this.session = session;
    this.realm = realm;
    this.permissions = permissions;
    this.adminEvent = adminEvent;
    this.agency = agency;
  }

  /**
   * Undoes a merge for one identifier. Errors: {@code owner_unknown}, {@code merge_unknown} (404),
   * {@code merge_too_old}, {@code merge_partly_gone} (409), {@code json_invalid}, {@code
   * identifier_missing}, {@code password_format} (400).
   *
   * @param body an {@link UndoRequest}
   */
  @POST
  @Path("{id}/undo")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public UndoAnswer undo(@PathParam("id") String id, InputStream body) {
    UndoRequest request = JsonBody.read(body, UndoRequest.class);
    if (request == null || OwnerValidation.isBlank(request.identifier())) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "identifier_missing", "The body needs \"identifier\".");
    }
    Identifier identifier =
        Identifier.parse(agency.getAlias(), request.identifier())
            .orElseThrow(Refusals::ownerUnknown);
    OwnerAccount account =
        OwnerAccount.findByIdentifier(session, realm, identifier)
            .orElseThrow(Refusals::ownerUnknown);
    MergeUndo undo = new MergeUndo(session, realm, agency);
    if (request.dryRun()) {
      return undo.describe(account, identifier, id);
    }
    if (request.password() == null || !OwnerValidation.isAccepted(request.password())) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST,
          "password_format",
          "The body needs \"password\", hashed as moncompte does it.");
    }
    UndoAnswer answer =
        undo.undo(account, identifier, id, request.password(), permissions.adminAuth().getClient());
    // Applications keep what they were told at the sign-in: the contracts that left are not to stay
    // on anybody's screen.
    Sessions.endOthers(session, realm, account.user(), null);
    adminEvent
        .operation(OperationType.ACTION)
        .resourcePath("moncompte/agencies/" + agency.getAlias() + "/merges/" + id + "/undo")
        .success();
    return answer;
  }
}
