package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.List;

/**
 * An identifier that leaves a personal account, with what stands under it.
 *
 * @param identifier as the agency writes it
 * @param contact what the agency holds under it
 * @param contracts the contracts under it
 */
record RemovedIdentifier(Identifier identifier, Contact contact, List<Contract> contracts) {

  /** Takes an identifier off an account; membership ends with the last contract (spec, rule 10). */
  static RemovedIdentifier take(AgencyRequest request, OwnerAccount account, Identifier asked) {
    Contact contact =
        account.contacts().stream()
            .filter(one -> one.isUnder(asked))
            .findFirst()
            .orElseThrow(Refusals::ownerUnknown);
    Identifier identifier = new Identifier(request.agency().getAlias(), contact.identifier());
    List<Contract> contracts =
        account.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
    account.forget(identifier);
    Membership.endWithLastContract(request.session(), request.agency(), account);
    return new RemovedIdentifier(identifier, contact, contracts);
  }
}
