package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * What an agency does for one of its owners: {@code
 * /admin/realms/{realm}/moncompte/agencies/{alias}/owners/{identifier}}. Who comes here may touch
 * the agency: {@link AgenciesAdminResource} has checked it.
 *
 * <p>Each call is one transaction with the account locked, and leaves an event on it. A refusal is
 * 404 {@code owner_unknown}, or 409 with its reason.
 */
public final class OwnerAdminResource {

  private final AgencyRequest request;
  private final AdminEventBuilder adminEvent;
  private final String typed;

  OwnerAdminResource(AgencyRequest request, AdminEventBuilder adminEvent, String typed) {
    this.request = request;
    this.adminEvent = adminEvent;
    this.typed = typed;
  }

  /** A new provisional password, hashed as in a batch of owners. */
  public record Reissue(LoadedPassword password) {}

  /**
   * To release an identifier.
   *
   * @param sameOwner whether it stays with the same owner, who has lost the mailbox
   * @param cancel take back a release for the same owner that was asked for
   * @param again ask once more although the reader of the mailbox has said no
   * @param password the new provisional password; needed when a release for the same owner is due
   */
  public record ReleaseOrder(
      @JsonProperty("same_owner") boolean sameOwner,
      boolean cancel,
      boolean again,
      LoadedPassword password) {}

  /**
   * To move the contracts of an identifier.
   *
   * @param to the identifier that gets them
   * @param dryRun answer what would move, and change nothing
   */
  public record Move(String to, @JsonProperty("dry_run") boolean dryRun) {}

  @POST
  @Path("reissue")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> reissue(Reissue body) {
    LoadedPassword password = body == null ? null : body.password();
    requirePassword(password);
    Map<String, Object> done =
        request.inTransaction(own -> OwnerSupport.of(own, identifier()).reissue(password));
    return logged("reissue", done);
  }

  @POST
  @Path("resend")
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> resend() {
    return logged(
        "resend", request.inTransaction(own -> OwnerSupport.of(own, identifier()).resend()));
  }

  @POST
  @Path("disable")
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> disable() {
    return logged(
        "disable", request.inTransaction(own -> OwnerSupport.of(own, identifier()).disable()));
  }

  @POST
  @Path("enable")
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> enable() {
    return logged(
        "enable", request.inTransaction(own -> OwnerSupport.of(own, identifier()).enable()));
  }

  @POST
  @Path("release")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> release(ReleaseOrder body) {
    ReleaseOrder order = body == null ? new ReleaseOrder(false, false, false, null) : body;
    if (order.password() != null) {
      requirePassword(order.password());
    }
    Optional<OwnerAccount> before =
        OwnerAccount.findByIdentifier(request.session(), request.realm(), identifier());
    Map<String, Object> done = request.inTransaction(own -> released(own, order));
    if ("released".equals(done.get("outcome"))) {
      before.ifPresent(this::endSessions);
    }
    return logged("release", done);
  }

  private Map<String, Object> released(AgencyRequest own, ReleaseOrder order) {
    if (!order.sameOwner()) {
      return new Release(own).release(identifier());
    }
    SameOwnerRelease release = new SameOwnerRelease(own, identifier());
    return order.cancel() ? release.cancel() : release.release(order.password(), order.again());
  }

  @POST
  @Path("move")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public ContractMove.Moved move(Move body) {
    Identifier from = identifier();
    Identifier to =
        Optional.ofNullable(body)
            .flatMap(order -> Identifier.parse(from.agencyAlias(), order.to()))
            .filter(other -> !other.compared().equals(from.compared()))
            .orElseThrow(
                () ->
                    Refusals.refusal(
                        Response.Status.BAD_REQUEST,
                        "identifier_invalid",
                        "The body needs \"to\", another identifier."));
    Optional<OwnerAccount> before =
        OwnerAccount.findByIdentifier(request.session(), request.realm(), from);
    ContractMove.Moved moved =
        request.inTransaction(own -> new ContractMove(own, from, to, body.dryRun()).move());
    if (!body.dryRun() && !moved.contracts().isEmpty()) {
      before.ifPresent(this::endSessions);
      logged("move", Map.of());
    }
    return moved;
  }

  /**
   * Applications keep what they were told at the sign-in: contracts that left are not to stay on
   * anybody's screen. After the transaction, because applications are called.
   */
  private void endSessions(OwnerAccount account) {
    UserModel user = request.session().users().getUserById(request.realm(), account.id());
    if (user != null && account.isPersonal()) {
      Sessions.endOthers(request.session(), request.realm(), user, null);
    }
  }

  private Identifier identifier() {
    return request.identifier(typed);
  }

  private static void requirePassword(LoadedPassword password) {
    if (password == null || !OwnerValidation.isAccepted(password)) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST,
          "password_format",
          "The body needs \"password\", hashed as moncompte does it.");
    }
  }

  private Map<String, Object> logged(String what, Map<String, Object> done) {
    request.logAdmin(adminEvent, "owners/" + identifier().compared() + "/" + what, 1);
    return done;
  }
}
