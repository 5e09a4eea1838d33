package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.AccountIdentifier;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ModelDuplicateException;

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
   * @param fromName the name the agency holds under the old identifier
   * @param toName the name it holds under the new one
   * @param fromState provisional or personal
   * @param toState provisional or personal
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Moved(
      boolean renamed,
      List<Contract> contracts,
      String fromName,
      String toName,
      String fromState,
      String toState) {}

  /** Both accounts as the transaction found and locked them. */
  private record Found(OwnerAccount old, Optional<OwnerAccount> present) {}

  /** Moves. Asked again when it is done, it moves nothing. */
  Moved move() {
    HeldIdentifiers held =
        dryRun
            ? HeldIdentifiers.read(request.session(), request.realm(), List.of(from, to))
            : HeldIdentifiers.lock(request.session(), request.realm(), List.of(from, to));
    Optional<OwnerAccount> old = held.account(from);
    Optional<OwnerAccount> present = held.account(to);
    if (old.isEmpty() && present.isPresent()) {
      return new Moved(
          true, List.of(), "", name(present.get(), to), state(present.get()), state(present.get()));
    }
    Found found = new Found(old.orElseThrow(Refusals::ownerUnknown), present);
    Refusals.requireNotFrozen(found.old());
    found.present().ifPresent(Refusals::requireNotFrozen);
    if (present.isEmpty() && held.isUsernameTaken(to)) {
      throw taken();
    }
    return present.isEmpty() ? rename(found.old()) : moveContracts(found.old(), present.get());
  }

  private Moved rename(OwnerAccount account) {
    List<Contract> contracts = request.contracts(account, from);
    String name = name(account, from);
    Moved moved = new Moved(true, contracts, name, name, state(account), state(account));
    if (dryRun) {
      return moved;
    }
    Identifier before = request.written(account, from);
    new AccountIdentifier(account, from).rename(to);
    if (!account.isPersonal()) {
      account.endPendingActivation();
      takeUsername(account);
    }
    log(account, before, contracts);
    tell(account, before, contracts, "renamed");
    return moved;
  }

  private Moved moveContracts(OwnerAccount old, OwnerAccount present) {
    List<Contract> contracts = request.contracts(old, from);
    Moved moved =
        new Moved(false, contracts, name(old, from), name(present, to), state(old), state(present));
    if (dryRun || contracts.isEmpty()) {
      return moved;
    }
    Identifier before = request.written(old, from);
    Identifier after = request.written(present, to);
    old.setContracts(old.contracts().stream().filter(one -> !one.isUnder(from)).toList());
    present.setContracts(withMoved(present.contracts(), contracts, after));
    if (!old.id().equals(present.id())) {
      request.endMembershipWithLastContract(old);
      if (!old.isPersonal() && old.contracts().isEmpty()) {
        old.endPendingActivation();
      }
      log(old, before, contracts);
      tell(old, before, contracts, "left");
    }
    new ProvisionalAccounts(request.session(), request.realm(), request.agency())
        .join(present.user());
    log(present, before, contracts);
    tell(present, after, contracts, old.id().equals(present.id()) ? "renamed" : "came");
    return moved;
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

  /**
   * Gives a provisional account the username of its identifier, at once, to hear of a collision.
   */
  private void takeUsername(OwnerAccount account) {
    account.user().setUsername(to.username());
    try {
      request.session().getProvider(JpaConnectionProvider.class).getEntityManager().flush();
    } catch (PersistenceException | ModelDuplicateException e) {
      throw taken();
    }
  }

  private void log(OwnerAccount account, Identifier before, List<Contract> contracts) {
    request.log(
        account,
        "move",
        before,
        Map.of("to", to.written(), "contracts", Integer.toString(contracts.size())));
  }

  /** Tells the owner of a personal account what has become of the contracts. */
  private void tell(OwnerAccount account, Identifier about, List<Contract> contracts, String what) {
    Map<String, Object> more = new HashMap<>();
    more.put("what", what);
    more.put("newIdentifier", what.equals("renamed") ? to.written() : "");
    more.put("contracts", contracts.stream().map(Contract::inWords).toList());
    request.tell(account, about, "moved", more);
  }

  private String name(OwnerAccount account, Identifier identifier) {
    return request.contact(account, identifier).map(Contact::name).orElse("");
  }

  private static String state(OwnerAccount account) {
    return account.isPersonal() ? "personal" : "provisional";
  }

  private static RuntimeException taken() {
    return Refusals.conflict(
        "identifier_taken", "Another user has the name that the new identifier would get.");
  }
}
