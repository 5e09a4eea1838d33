package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonInclude;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.ContractEnd.Ended;
import immo.moncompte.keycloak.owners.OwnerLoader.Result;
import immo.moncompte.keycloak.owners.OwnerRows.Condition;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.ModelDuplicateException;

/**
 * The owners of one agency: {@code /admin/realms/{realm}/moncompte/v1/agencies/{alias}}. {@link
 * AgenciesAdminResource} has checked that the caller may act for the agency.
 *
 * <p>Every call that changes something is one transaction and leaves one admin event.
 */
@Produces(MediaType.APPLICATION_JSON)
public final class AgencyResource {

  private static final int MAX_OWNERS = 500;
  private static final int MAX = 1_000;

  private final AgencyRequest request;

  AgencyResource(AgencyRequest request) {
    this.request = request;
  }

  @GET
  @Path("card")
  public AgencyCard card() {
    return AgencyCard.of(request.session(), request.realm(), request.agency());
  }

  /**
   * Loads a batch of at most 500 owners, an {@link OwnersRequest}. Errors: {@code json_invalid},
   * {@code owners_missing}, {@code too_many} (400), {@code loaded_meanwhile} (409), {@code
   * too_large} (413).
   */
  @POST
  @Path("owners")
  @Consumes(MediaType.APPLICATION_JSON)
  public Map<String, List<Result>> load(InputStream body) {
    OwnersRequest batch = JsonBody.read(body, OwnersRequest.class);
    JsonBody.requireList("owners", batch.owners(), MAX_OWNERS);
    List<Result> results = load(batch);
    if (!batch.dryRun()) {
      request.logAdmin(
          "owners", "owners_changed", results.stream().filter(Result::isChange).count());
    }
    return Map.of("results", results);
  }

  private List<Result> load(OwnersRequest batch) {
    try {
      return new OwnerLoader(request, batch).load();
    } catch (ModelDuplicateException e) {
      request.session().getTransactionManager().setRollbackOnly();
      throw Refusals.conflict(
          "loaded_meanwhile", "Another request has loaded the same owners: send the batch again.");
    }
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
  public OwnerList.Page list(
      @QueryParam("search") String search,
      @QueryParam("state") String state,
      @QueryParam("first") String first,
      @QueryParam("max") @DefaultValue("100") String max) {
    OwnerList.requireState(state);
    return new OwnerList(request).page(search, state, first, number(max, MAX_OWNERS));
  }

  @Path("owners/{identifier}")
  public OwnerResource owner(@PathParam("identifier") String typed) {
    return new OwnerResource(request, request.identifier(typed));
  }

  @GET
  @Path("status")
  public AgencyStatus.Answer status() {
    return new AgencyStatus(request).count();
  }

  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record ContractsPage(List<Ended> contracts, String next) {}

  /**
   * The agency's contracts, identifier after identifier.
   *
   * @param first where the page begins: {@code next} of the page before
   * @param max identifiers whose contracts the page holds, at most 1,000
   */
  @GET
  @Path("contracts")
  public ContractsPage contracts(
      @QueryParam("first") String first, @QueryParam("max") @DefaultValue("500") String max) {
    OwnerRows.Page page =
        new OwnerRows(request)
            .page(first, number(max, MAX), Condition.NONE, Set.of(OwnerAccount.CONTRACTS));
    return new ContractsPage(
        page.rows().stream()
            .flatMap(row -> row.owner().contracts().stream())
            .map(Ended::of)
            .toList(),
        page.next());
  }

  private static int number(String max, int most) {
    if (!max.matches("[1-9]\\d{0,3}") || Integer.parseInt(max) > most) {
      throw Refusals.badRequest("max_invalid", "\"max\" is a number from 1 to " + most + ".");
    }
    return Integer.parseInt(max);
  }

  record Endings(List<Ended> contracts) {}

  /**
   * Ends contracts, at most 1,000 a call. Those that are not there are passed over, and those of
   * frozen accounts stay.
   */
  @POST
  @Path("contracts/end")
  @Consumes(MediaType.APPLICATION_JSON)
  public ContractEnd.Answer endContracts(InputStream body) {
    List<Ended> contracts = JsonBody.read(body, Endings.class).contracts();
    JsonBody.requireList("contracts", contracts, MAX);
    ContractEnd.Answer done = request.inTransaction(own -> ContractEnd.end(own, contracts));
    request.logAdmin("contracts/end", "changed", done.ended());
    return done;
  }

  record Letters(List<String> identifiers) {}

  /** Notes that letters were made, at most 1,000; identifiers with none to get are passed over. */
  @POST
  @Path("letters")
  @Consumes(MediaType.APPLICATION_JSON)
  public Map<String, Integer> lettersMade(InputStream body) {
    List<String> identifiers = JsonBody.read(body, Letters.class).identifiers();
    JsonBody.requireList("identifiers", identifiers, MAX);
    int marked = request.inTransaction(own -> markLetters(own, identifiers));
    request.logAdmin("letters", "changed", marked);
    return Map.of("marked", marked);
  }

  /** Whether passwords still work, in the order of the request. */
  public record PasswordsWork(List<Boolean> work) {}

  /**
   * Tells which passwords of letters still work, at most 100 a call. Errors: {@code
   * too_many_dead_passwords} (429).
   *
   * @param body a {@link LetterPasswords.Check}
   */
  @POST
  @Path("letters/check")
  @Consumes(MediaType.APPLICATION_JSON)
  public PasswordsWork checkLetters(InputStream body) {
    List<LetterPasswords.Letter> letters =
        JsonBody.read(body, LetterPasswords.Check.class).letters();
    JsonBody.requireList("letters", letters, LetterPasswords.MAX);
    return new PasswordsWork(new LetterPasswords(request).check(letters));
  }

  private static int markLetters(AgencyRequest own, List<String> typed) {
    List<Identifier> identifiers =
        typed.stream()
            .flatMap(one -> Identifier.parse(own.agency().getAlias(), one).stream())
            .toList();
    // A map, because one identifier may stand there in several spellings.
    Map<String, OwnerAccount> provisional = new HashMap<>();
    for (AgencyOwner owner : own.lock(identifiers).values()) {
      if (!owner.account().isPersonal()) {
        provisional.put(owner.account().id(), owner.account());
      }
    }
    Instant now = Instant.now();
    provisional.values().forEach(account -> account.letter().setMadeAt(now));
    return provisional.size();
  }

  /**
   * Undoes a merge for one identifier. Errors: {@code owner_unknown}, {@code merge_unknown} (404),
   * {@code merge_too_old}, {@code merge_partly_gone}, {@code account_frozen} (409), {@code
   * json_invalid}, {@code identifier_missing}, {@code password_format} (400).
   */
  @POST
  @Path("merges/{id}/undo")
  @Consumes(MediaType.APPLICATION_JSON)
  public MergeUndo.Answer undoMerge(@PathParam("id") String id, InputStream body) {
    MergeUndo.Order order = JsonBody.read(body, MergeUndo.Order.class);
    if (OwnersRequest.isBlank(order.identifier())) {
      throw Refusals.badRequest("identifier_missing", "The body needs \"identifier\".");
    }
    Identifier identifier = request.identifier(order.identifier());
    Optional<AgencyOwner> before = request.find(identifier);
    MergeUndo.Answer answer =
        request.change(identifier, owner -> new MergeUndo(owner, id).answer(order));
    if (!order.dryRun()) {
      before.ifPresent(AgencyOwner::endSessions);
      request.logAdmin("merges/" + id + "/undo", "changed", 1);
    }
    return answer;
  }
}
