package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonInclude;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnerRows.Row;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * The contracts of an agency: {@code /admin/realms/{realm}/moncompte/agencies/{alias}/contracts}.
 * Who comes here may touch the agency: {@link AgenciesAdminResource} has checked it.
 */
public final class ContractsAdminResource {

  private final AgencyRequest request;
  private final AdminEventBuilder adminEvent;

  ContractsAdminResource(AgencyRequest request, AdminEventBuilder adminEvent) {
    this.request = request;
    this.adminEvent = adminEvent;
  }

  /** Contracts of a page of identifiers. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record ContractsPage(List<ContractEnd.Ended> contracts, String next) {}

  /** Contracts to end. */
  public record Endings(List<ContractEnd.Ended> contracts) {}

  /**
   * The contracts, identifier after identifier.
   *
   * @param first where the page begins: {@code next} of the page before
   * @param max identifiers whose contracts the page holds, at most 1,000
   */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public ContractsPage contracts(
      @QueryParam("first") String first, @QueryParam("max") @DefaultValue("500") int max) {
    int most = Math.max(1, Math.min(max, Many.MOST));
    List<Row> rows =
        new OwnerRows(request.session(), request.realm(), request.agency())
            .page(first, most + 1, Set.of(OwnerAccount.CONTRACTS));
    String next = rows.size() > most ? rows.get(most).key() : null;
    List<ContractEnd.Ended> contracts =
        rows.stream().limit(most).flatMap(row -> contractsOf(row).stream()).toList();
    return new ContractsPage(contracts, next);
  }

  private List<ContractEnd.Ended> contractsOf(Row row) {
    Identifier identifier = new Identifier(request.agency().getAlias(), row.key());
    return row.account().contracts().stream()
        .filter(contract -> contract.isUnder(identifier))
        .map(ContractsAdminResource::named)
        .toList();
  }

  private static ContractEnd.Ended named(Contract contract) {
    return new ContractEnd.Ended(contract.identifier(), contract.reference(), contract.role());
  }

  /** Ends contracts, at most 1,000 a call; those that are not there are passed over. */
  @POST
  @Path("end")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> end(Endings body) {
    List<ContractEnd.Ended> contracts =
        Many.require("contracts", body == null ? null : body.contracts());
    int ended = request.inTransaction(own -> new ContractEnd(own).end(contracts));
    request.logAdmin(adminEvent, "contracts/end", ended);
    return Map.of("ended", ended);
  }
}
