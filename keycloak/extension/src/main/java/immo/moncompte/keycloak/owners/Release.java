package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An agency gives an identifier to somebody else: it leaves the account that holds it, with its
 * contracts and contact details, and can be loaded afresh (spec, rules 9 and 10).
 */
final class Release {

  private final AgencyRequest request;

  Release(AgencyRequest request) {
    this.request = request;
  }

  /** Releases. A provisional account, which is its identifier and nothing else, goes. */
  Map<String, Object> release(Identifier asked) {
    OwnerAccount account = request.lock(asked);
    Refusals.requireNotFrozen(account);
    Identifier identifier = request.written(account, asked);
    List<Contract> contracts =
        account.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
    request.log(
        account, "release", identifier, Map.of("contracts", Integer.toString(contracts.size())));
    Map<String, Object> released = new LinkedHashMap<>();
    released.put("outcome", "released");
    released.put("identifier", identifier.written());
    released.put("state", account.isPersonal() ? "personal" : "provisional");
    released.put("contracts", contracts.size());
    released.put("masked_email", OwnerList.maskedEmail(account));
    if (!account.isPersonal()) {
      request.session().users().removeUser(request.realm(), account.user());
      return released;
    }
    RemovedIdentifier departure = RemovedIdentifier.take(request, account, identifier);
    request.tell(
        account,
        identifier,
        "releasedSubject",
        "released.ftl",
        Map.of("contracts", departure.contracts().stream().map(Contract::inWords).toList()));
    return released;
  }
}
