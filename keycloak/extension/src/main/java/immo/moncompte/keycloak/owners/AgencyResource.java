package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnersAnswer.Result;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * Loading and looking up an agency's owners: {@code
 * /admin/realms/{realm}/moncompte/agencies/{alias}}. Who comes here may touch the agency: {@link
 * AgenciesAdminResource} has checked it.
 *
 * <p>One batch is one transaction, answered owner by owner; the same batch twice changes nothing.
 */
public final class AgencyResource {

  private static final int MAX_OWNERS = 500;

  private final KeycloakSession session;
  private final RealmModel realm;
  private final AdminPermissionEvaluator permissions;
  private final AdminEventBuilder adminEvent;
  private final Agency agency;

  AgencyResource(
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

  /** What the agency says of itself in its letters. */
  @GET
  @Path("card")
  @Produces(MediaType.APPLICATION_JSON)
  public AgencyCard card() {
    return AgencyCard.of(session, realm, agency);
  }

  /**
   * Loads a batch of at most 500 owners of one agency. Errors: {@code json_invalid}, {@code
   * owners_missing}, {@code too_many} (400), {@code too_large} (413).
   *
   * @param body an {@link OwnersRequest}
   */
  @POST
  @Path("owners")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public OwnersAnswer load(InputStream body) {
    OwnersRequest request = JsonBody.read(body, OwnersRequest.class);
    if (request == null || request.owners() == null || request.owners().contains(null)) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "owners_missing", "The body needs \"owners\".");
    }
    if (request.owners().size() > MAX_OWNERS) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "too_many", "At most " + MAX_OWNERS + " owners a batch.");
    }
    List<Result> results = new OwnerLoader(session, realm, agency, request).load();
    logBatch(request, results);
    return new OwnersAnswer(results);
  }

  /**
   * One admin event a batch that changed something: which agency and how many, nothing personal.
   */
  private void logBatch(OwnersRequest request, List<Result> results) {
    long changed =
        results.stream()
            .filter(result -> Set.of("created", "updated").contains(result.outcome()))
            .count();
    if (request.dryRun() || changed == 0) {
      return;
    }
    adminEvent
        .operation(OperationType.ACTION)
        .resourcePath("moncompte/agencies/" + agency.getAlias() + "/owners")
        .detail("owners_changed", Long.toString(changed))
        .success();
  }

  /**
   * A page of the agency's owners.
   *
   * @param search words of the name or the identifier, or a whole address
   * @param state one of {@link OwnerList#STATES}
   * @param first where the page begins: {@code next} of the page before
   * @param max how many owners, at most 500
   */
  @GET
  @Path("owners")
  @Produces(MediaType.APPLICATION_JSON)
  public OwnersPage list(
      @QueryParam("search") String search,
      @QueryParam("state") String state,
      @QueryParam("first") String first,
      @QueryParam("max") @DefaultValue("100") int max) {
    OwnerList.requireState(state);
    return new OwnerList(session, realm, agency)
        .page(search, state, first, Math.max(1, Math.min(max, MAX_OWNERS)));
  }

  /** What is known of one identifier. Of a personal account the address is masked (rule 10). */
  @GET
  @Path("owners/{identifier}")
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> show(@PathParam("identifier") String typed) {
    Identifier identifier = request().identifier(typed);
    return OwnerAccount.findByIdentifier(session, realm, identifier)
        .map(found -> new OwnerDetails(session, realm, agency).of(found, identifier))
        .orElseThrow(Refusals::ownerUnknown);
  }

  /** What the agency does for one owner. */
  @Path("owners/{identifier}")
  public OwnerAdminResource owner(@PathParam("identifier") String typed) {
    return new OwnerAdminResource(request(), adminEvent, typed);
  }

  /** How far the agency's owners have come. */
  @GET
  @Path("status")
  @Produces(MediaType.APPLICATION_JSON)
  public StatusAnswer status() {
    return new AgencyStatus(session, realm, agency).count();
  }

  /** The agency's contracts. */
  @Path("contracts")
  public ContractsAdminResource contracts() {
    return new ContractsAdminResource(request(), adminEvent);
  }

  /** Letters that the agency has made. */
  @Path("letters")
  public LettersAdminResource letters() {
    return new LettersAdminResource(request(), adminEvent);
  }

  /** Undoing merges of the agency's identifiers. */
  @Path("merges")
  public MergesAdminResource merges() {
    return new MergesAdminResource(session, realm, permissions, adminEvent, agency);
  }

  private AgencyRequest request() {
    return new AgencyRequest(session, realm, agency, permissions.adminAuth().getClient());
  }
}
