package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends contracts that the agency's file no longer has (specification, rule 9). The identifier
 * stays, so that the same owner's next contract finds the account; the letter of an account without
 * a contract does not work until it has one again.
 */
final class ContractEnd {

  /** A contract, as the agency names it. */
  record Ended(String identifier, String reference, String role) {

    static Ended of(Contract contract) {
      return new Ended(contract.identifier(), contract.reference(), contract.role());
    }

    private boolean isSameAs(Contract contract) {
      return contract.reference().equals(reference) && contract.role().equals(role);
    }
  }

  private ContractEnd() {}

  /** Ends those of the contracts that there are; answers how many. */
  static int end(AgencyRequest request, List<Ended> contracts) {
    Map<Identifier, List<Ended>> byIdentifier = new HashMap<>();
    for (Ended contract : contracts) {
      Identifier.parse(request.agency().getAlias(), contract.identifier())
          .ifPresent(
              identifier ->
                  byIdentifier.computeIfAbsent(identifier, one -> new ArrayList<>()).add(contract));
    }
    return request.lock(byIdentifier.keySet()).entrySet().stream()
        .mapToInt(owner -> end(owner.getValue(), byIdentifier.get(owner.getKey())))
        .sum();
  }

  private static int end(AgencyOwner owner, List<Ended> contracts) {
    OwnerAccount account = owner.account();
    List<Contract> ended =
        owner.contracts().stream()
            .filter(held -> contracts.stream().anyMatch(one -> one.isSameAs(held)))
            .toList();
    if (ended.isEmpty()) {
      return 0;
    }
    account.setContracts(
        account.contracts().stream().filter(held -> !ended.contains(held)).toList());
    owner.endWithLastContract();
    owner.log("contracts-ended", Map.of("contracts", Integer.toString(ended.size())));
    return ended.size();
  }
}
