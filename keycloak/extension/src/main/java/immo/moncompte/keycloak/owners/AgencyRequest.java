package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.IdentifierKeys;
import immo.moncompte.keycloak.account.RowLock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * A request in the name of an agency.
 *
 * @param client the client that asks, for events
 * @param adminEvent the admin event of the request
 */
record AgencyRequest(
    KeycloakSession session,
    RealmModel realm,
    Agency agency,
    ClientModel client,
    AdminEventBuilder adminEvent) {

  /** Makes a change in a transaction of its own, which has ended when this returns. */
  <T> T inTransaction(Function<AgencyRequest, T> change) {
    return RowLock.inLockedTransaction(
        session,
        List.of(),
        own -> {
          Agency sameAgency = Agency.findByAlias(own.session(), agency.getAlias()).orElseThrow();
          return change.apply(
              new AgencyRequest(own.session(), own.realm(), sameAgency, client, adminEvent));
        });
  }

  /** Changes the account that holds an identifier, locked, in a transaction of its own. */
  <T> T change(Identifier identifier, Function<AgencyOwner, T> change) {
    return inTransaction(
        own ->
            Optional.ofNullable(own.lock(List.of(identifier)).get(identifier))
                .map(change)
                .orElseThrow(Refusals::ownerUnknown));
  }

  /** The identifier that was asked about, or the refusal that says the agency has none such. */
  Identifier identifier(String typed) {
    return Identifier.parse(agency.getAlias(), typed).orElseThrow(Refusals::ownerUnknown);
  }

  /** The account that holds an identifier, not locked. */
  Optional<AgencyOwner> find(Identifier identifier) {
    return Accounts.findByIdentifier(session, realm, identifier)
        .map(account -> AgencyOwner.of(this, account, identifier));
  }

  /** The accounts that hold identifiers, locked until the transaction ends. */
  Map<Identifier, AgencyOwner> lock(Collection<Identifier> identifiers) {
    OwnerStore store = new OwnerStore(this);
    Map<Identifier, String> holders;
    RowLock locked;
    do {
      holders = store.holders(identifiers);
      locked = RowLock.lock(session, realm, holders.values());
    } while (!holders.equals(store.holders(identifiers))); // a merge moved one meanwhile
    Map<Identifier, AgencyOwner> owners = new HashMap<>();
    for (Identifier identifier : identifiers) {
      Optional.ofNullable(holders.get(identifier))
          .flatMap(locked::get)
          .filter(account -> new IdentifierKeys(account).meant(identifier).isPresent())
          .ifPresent(account -> owners.put(identifier, AgencyOwner.of(this, account, identifier)));
    }
    return owners;
  }

  boolean isOwn(String codes) {
    return codes.equalsIgnoreCase(agency.getCodes());
  }

  /** One admin event for a request that changed something: which agency, what, how many. */
  void logAdmin(String what, String counter, long changed) {
    if (changed == 0) {
      return;
    }
    adminEvent
        .operation(OperationType.ACTION)
        .resourcePath("moncompte/agencies/" + agency.getAlias() + "/" + what)
        .detail(counter, Long.toString(changed))
        .success();
  }
}
