package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.AccountIdentifier;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.AgencyOwner.Told;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Moves the contracts of one identifier of an agency to another, which happens only when asked
 * (specification, rule 9).
 *
 * <p>An identifier that is not loaded yet takes the place of the old one: the agency's software has
 * given the owner another number, and account, password and contracts stay. One that is loaded gets
 * the contracts; the old one keeps its account, and its membership while it has another contract.
 */
final class ContractMove {

  private final AgencyRequest request;
  private final Identifier from;
  private final Identifier to;
  private final boolean dryRun;

  ContractMove(AgencyRequest request, Identifier from, Identifier to, boolean dryRun) {
    this.request = request;
    this.from = from;
    this.to = to;
    this.dryRun = dryRun;
  }

  /**
   * What moved, or would.
   *
   * @param renamed whether the old identifier became the new one
   * @param contracts the contracts, as they stood under the old identifier
   * @param told what became of the mails to the owners; null when nothing has moved
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Moved(
      boolean renamed,
      List<Contract> contracts,
      String fromName,
      String toName,
      String fromState,
      String toState,
      Told told) {

    private static Moved of(
        boolean renamed, List<Contract> contracts, AgencyOwner old, AgencyOwner present) {
      return new Moved(
          renamed, contracts, old.name(), present.name(), old.state(), present.state(), null);
    }

    private Moved with(Told mails) {
      return new Moved(renamed, contracts, fromName, toName, fromState, toState, mails);
    }
  }

  /** Moves. Asked again when it is done, it moves nothing. */
  Moved move() {
    Map<Identifier, AgencyOwner> held = request.lock(List.of(from, to));
    AgencyOwner old = held.get(from);
    AgencyOwner present = held.get(to);
    if (old == null && present == null) {
      throw Refusals.ownerUnknown();
    }
    if (old == null || isSame(old, to)) {
      return Moved.of(true, List.of(), present.under(from), present);
    }
    if (present != null && !isSame(present, to) && !isMeant(present, old)) {
      present = null;
    }
    held.values().forEach(owner -> Refusals.requireNotFrozen(owner.account()));
    return present == null ? rename(old) : moveContracts(old, present);
  }

  /**
   * Whether an identifier that is only like the new one is meant by it. It is not if it is the old
   * one, which is to be written in another way, or another person's.
   */
  private static boolean isMeant(AgencyOwner alike, AgencyOwner old) {
    boolean isDifferentPerson =
        alike
            .contact()
            .flatMap(contact -> old.contact().filter(contact::isDifferentPerson))
            .isPresent();
    return !isSame(alike, old.identifier()) && !isDifferentPerson;
  }

  private static boolean isSame(AgencyOwner owner, Identifier other) {
    return owner.identifier().compared().equals(other.compared());
  }

  private Moved rename(AgencyOwner owner) {
    if (request.session().users().getUserByUsername(request.realm(), to.username()) != null) {
      throw Refusals.conflict(
          "identifier_taken", "Another user has the name that the new identifier would get.");
    }
    OwnerAccount account = owner.account();
    List<Contract> contracts = owner.contracts();
    Moved moved = Moved.of(true, contracts, owner, owner);
    if (dryRun) {
      return moved;
    }
    new AccountIdentifier(account, owner.identifier()).rename(to);
    if (!account.isPersonal()) {
      account.endPendingActivation();
      account.user().setUsername(to.username());
    }
    log(owner, contracts);
    return moved.with(tell(owner, contracts, "renamed"));
  }

  private Moved moveContracts(AgencyOwner old, AgencyOwner present) {
    List<Contract> contracts = old.contracts();
    Moved moved = Moved.of(false, contracts, old, present);
    if (dryRun || contracts.isEmpty()) {
      return moved;
    }
    OwnerAccount giving = old.account();
    OwnerAccount receiving = present.account();
    boolean isSame = giving.id().equals(receiving.id());
    giving.setContracts(
        giving.contracts().stream().filter(one -> !one.isUnder(old.identifier())).toList());
    receiving.setContracts(withMoved(receiving.contracts(), contracts, present.identifier()));
    Told told = Told.NOBODY;
    if (!isSame) {
      old.endWithLastContract();
      log(old, contracts);
      told = tell(old, contracts, "left");
    }
    present.join();
    log(present.under(old.identifier()), contracts);
    Told other = tell(present, contracts, isSame ? "renamed" : "came");
    return moved.with(Collections.max(List.of(told, other)));
  }

  /** No contract is doubled: one that stands under the new identifier already stays as it is. */
  private static List<Contract> withMoved(
      List<Contract> held, List<Contract> moved, Identifier after) {
    List<Contract> contracts = new ArrayList<>(held);
    for (Contract one : moved) {
      Contract renamed =
          new Contract(one.agency(), after.written(), one.reference(), one.role(), one.address());
      if (contracts.stream().noneMatch(renamed::isSameAs)) {
        contracts.add(renamed);
      }
    }
    return contracts;
  }

  private void log(AgencyOwner owner, List<Contract> contracts) {
    owner.log("move", Map.of("to", to.written(), "contracts", Integer.toString(contracts.size())));
  }

  /** Tells the owner of a personal account what has become of the contracts. */
  private Told tell(AgencyOwner owner, List<Contract> contracts, String what) {
    return owner.tell(
        "moved",
        Map.of(
            "what",
            what,
            "newIdentifier",
            what.equals("renamed") ? to.written() : "",
            "contracts",
            contracts.stream().map(Contract::inWords).toList()));
  }
}
