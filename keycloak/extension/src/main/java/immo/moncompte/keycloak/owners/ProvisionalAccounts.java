package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.NotActivatedRequiredAction;
import java.util.List;

/** Makes an agency's provisional accounts: users that cannot get in before activation. */
record ProvisionalAccounts(AgencyRequest request, OwnerStore store) {

  ProvisionalAccounts(AgencyRequest request) {
    this(request, new OwnerStore(request));
  }

  /** A new provisional account. */
  OwnerAccount create(
      Identifier identifier, Contact contact, List<Contract> contracts, LoadedPassword password) {
    StoredUser made = prepare(identifier, contact, contracts, password);
    store.insert(List.of(made));
    return new OwnerAccount(request.session().users().getUserById(request.realm(), made.getId()));
  }

  /**
   * One that is not inserted yet, member of the agency's organization if it has a contract.
   *
   * @param contact what the agency holds; the name and the suggested address come from it
   */
  StoredUser prepare(
      Identifier identifier, Contact contact, List<Contract> contracts, LoadedPassword password) {
    StoredUser user = store.newUser(identifier.username());
    user.addRequiredAction(NotActivatedRequiredAction.ID);
    user.setFirstName(contact.firstName().isBlank() ? null : contact.firstName());
    user.setLastName(contact.lastName());
    OwnerAccount account = user.account();
    account.setIdentifiers(List.of(identifier.attributeValue()));
    account.setContacts(List.of(contact));
    account.setContracts(contracts);
    account.setSuggestedEmail(EmailAddress.parse(contact.email()).orElse(null));
    password.giveTo(account, request.realm());
    if (!contracts.isEmpty()) {
      user.join();
    }
    return user;
  }
}
