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

  private final AgencyRequest request;

  ContractEnd(AgencyRequest request) {
    this.request = request;
  }

  /**
   * Ends those of the contracts that there are.
   *
   * @return how many
   */
  int end(List<Ended> contracts) {
    Map<Identifier, List<Ended>> byIdentifier = new HashMap<>();
    for (Ended contract : contracts) {
      Identifier.parse(request.agency().getAlias(), contract.identifier())
          .ifPresent(
              identifier ->
                  byIdentifier.computeIfAbsent(identifier, one -> new ArrayList<>()).add(contract));
    }
    HeldIdentifiers held =
        HeldIdentifiers.lock(
            request.session(), request.realm(), List.copyOf(byIdentifier.keySet()));
    return byIdentifier.entrySet().stream()
        .mapToInt(
            entry ->
                held.account(entry.getKey())
                    .map(account -> end(account, entry.getKey(), entry.getValue()))
                    .orElse(0))
        .sum();
  }

  private int end(OwnerAccount account, Identifier identifier, List<Ended> contracts) {
    List<Contract> before = account.contracts();
    List<Contract> left =
        before.stream()
            .filter(
                one ->
                    !one.isUnder(identifier)
                        || contracts.stream().noneMatch(ended -> ended.isSameAs(one)))
            .toList();
    int ended = before.size() - left.size();
    if (ended == 0) {
      return 0;
    }
    account.setContracts(left);
    request.endMembershipWithLastContract(account);
    if (!account.isPersonal() && left.isEmpty()) {
      account.endPendingActivation();
    }
    request.log(
        account,
        "contracts-ended",
        request.written(account, identifier),
        Map.of("contracts", Integer.toString(ended)));
    return ended;
  }
}
