package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * Letters that an agency has made: {@code
 * /admin/realms/{realm}/moncompte/agencies/{alias}/letters}. Who comes here may touch the agency:
 * {@link AgenciesAdminResource} has checked it.
 */
public final class LettersAdminResource {

  private final AgencyRequest request;
  private final AdminEventBuilder adminEvent;

  LettersAdminResource(AgencyRequest request, AdminEventBuilder adminEvent) {
    this.request = request;
    this.adminEvent = adminEvent;
  }

  /** Identifiers whose letters were made. */
  public record Letters(List<String> identifiers) {}

  /** Notes that letters were made, at most 1,000; identifiers with none to get are passed over. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> made(Letters body) {
    List<String> identifiers =
        Many.require("identifiers", body == null ? null : body.identifiers());
    int marked = request.inTransaction(own -> mark(own, identifiers));
    request.logAdmin(adminEvent, "letters", marked);
    return Map.of("marked", marked);
  }

  private static int mark(AgencyRequest own, List<String> typed) {
    List<Identifier> identifiers =
        typed.stream()
            .map(one -> Identifier.parse(own.agency().getAlias(), one))
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    HeldIdentifiers held = HeldIdentifiers.lock(own.session(), own.realm(), identifiers);
    // One identifier may stand there in several spellings.
    Map<String, OwnerAccount> accounts =
        identifiers.stream()
            .map(held::account)
            .flatMap(Optional::stream)
            .filter(account -> !account.isPersonal())
            .collect(Collectors.toMap(OwnerAccount::id, account -> account, (one, same) -> one));
    Instant now = Instant.now();
    accounts.values().forEach(account -> account.setLetterAt(now));
    return accounts.size();
  }
}
