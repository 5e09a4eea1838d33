package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonInclude;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Ends contracts that the agency's file no longer has (specification, rule 9). The identifier
 * stays, so that the same owner's next contract finds the account; the letter of an account without
 * a contract does not work until it has one again.
 */
final class ContractEnd {

  /** A contract, as the agency names it. */
  record Ended(String identifier, String reference, String role) {

    Ended {
      Stream.of(identifier, reference, role).forEach(Objects::requireNonNull);
    }

    static Ended of(Contract contract) {
      return new Ended(contract.identifier(), contract.reference(), contract.role());
    }

    private boolean isSameAs(Contract contract) {
      return contract.reference().equals(reference) && contract.role().equals(role);
    }
  }

  private ContractEnd() {}

  /**
   * What was done.
   *
   * @param ended how many contracts have ended
   * @param frozen identifiers whose contracts stay, because their owners have frozen the accounts
   */
  record Answer(int ended, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> frozen) {}

  /** Ends those of the contracts that there are. */
  static Answer end(AgencyRequest request, List<Ended> contracts) {
    Map<Identifier, List<Ended>> byIdentifier = new HashMap<>();
    for (Ended contract : contracts) {
      Identifier.parse(request.agency().getAlias(), contract.identifier())
          .ifPresent(
              identifier ->
                  byIdentifier.computeIfAbsent(identifier, one -> new ArrayList<>()).add(contract));
    }
    int ended = 0;
    List<String> frozen = new ArrayList<>();
    for (Map.Entry<Identifier, AgencyOwner> found :
        request.lock(byIdentifier.keySet()).entrySet()) {
      AgencyOwner owner = found.getValue();
      if (owner.account().suspension().frozenAt() != null) {
        frozen.add(owner.identifier().written());
        continue;
      }
      ended += end(owner, byIdentifier.get(found.getKey()));
    }
    return new Answer(ended, frozen);
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
