package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Identifier;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an agency knows of one owner and does for one: {@code
 * /admin/realms/{realm}/moncompte/v1/agencies/{alias}/owners/{identifier}}. {@link
 * AgenciesAdminResource} has checked that the caller may act for the agency.
 *
 * <p>Each change is one transaction with the account locked, and leaves an event on it. A refusal
 * is 404 {@code owner_unknown}, or 409 with its reason.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class OwnerResource {

  private final AgencyRequest request;
  private final Identifier identifier;

  OwnerResource(AgencyRequest request, Identifier identifier) {
    this.request = request;
    this.identifier = identifier;
  }

  @GET
  public OwnerDetails.Answer show() {
    return request
        .find(identifier)
        .map(found -> new OwnerDetails(found).read())
        .orElseThrow(Refusals::ownerUnknown);
  }

  /** A new provisional password, hashed as in a batch of owners. */
  record Reissue(LoadedPassword password) {}

  @POST
  @Path("reissue")
  @Consumes(MediaType.APPLICATION_JSON)
  public OwnerSupport.Reissued reissue(InputStream body) {
    LoadedPassword password = JsonBody.read(body, Reissue.class).password();
    Refusals.requireAccepted(password);
    return support("reissue", owner -> owner.reissue(password));
  }

  @POST
  @Path("resend")
  public OwnerSupport.Resent resend() {
    return support("resend", OwnerSupport::resend);
  }

  @POST
  @Path("disable")
  public OwnerSupport.Enabled disable() {
    return support("disable", OwnerSupport::disable);
  }

  @POST
  @Path("enable")
  public OwnerSupport.Enabled enable() {
    return support("enable", OwnerSupport::enable);
  }

  private <T> T support(String what, Function<OwnerSupport, T> change) {
    T done = request.change(identifier, owner -> change.apply(new OwnerSupport(owner)));
    log(what);
    return done;
  }

  /** Releases the identifier, or asks the owner first; see {@link Release}. */
  @POST
  @Path("release")
  @Consumes(MediaType.APPLICATION_JSON)
  public Release.Answer release(InputStream body) {
    Release.Order order = JsonBody.read(body, Release.Order.class);
    Optional<AgencyOwner> before = request.find(identifier);
    Release.Answer done = request.change(identifier, owner -> new Release(owner).release(order));
    if (done.isReleased()) {
      before.ifPresent(AgencyOwner::endSessions);
    }
    log("release");
    return done;
  }

  /** Takes back a release that was asked for. */
  @DELETE
  @Path("release")
  public Release.Answer cancelRelease() {
    Release.Answer done = request.change(identifier, owner -> new Release(owner).cancel());
    log("release");
    return done;
  }

  /**
   * To move the contracts of an identifier.
   *
   * @param to the identifier that gets them
   * @param dryRun answer what would move, and change nothing
   */
  record Move(String to, boolean dryRun) {}

  @POST
  @Path("move")
  @Consumes(MediaType.APPLICATION_JSON)
  public ContractMove.Moved move(InputStream body) {
    Move order = JsonBody.read(body, Move.class);
    Identifier to =
        Identifier.parse(identifier.agencyAlias(), order.to())
            .filter(other -> !other.compared().equals(identifier.compared()))
            .orElseThrow(
                () ->
                    Refusals.badRequest(
                        "identifier_invalid", "The body needs \"to\", another identifier."));
    Optional<AgencyOwner> before = request.find(identifier);
    ContractMove.Moved moved =
        request.inTransaction(own -> new ContractMove(own, identifier, to, order.dryRun()).move());
    if (!order.dryRun() && !moved.contracts().isEmpty()) {
      before.ifPresent(AgencyOwner::endSessions);
      log("move");
    }
    return moved;
  }

  private void log(String what) {
    request.logAdmin("owners/" + identifier.compared() + "/" + what, "changed", 1);
  }
}
