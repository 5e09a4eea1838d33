package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.activation.NotActivatedRequiredAction;
import java.time.Instant;
import java.util.List;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/** Makes an agency's provisional accounts: users that cannot get in before activation . */
final class ProvisionalAccounts {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Agency agency;
  private final OwnerStore store;

  ProvisionalAccounts(KeycloakSession session, RealmModel realm, Agency agency) {
    this(session, realm, agency, new OwnerStore(session, realm, agency));
  }

  ProvisionalAccounts(KeycloakSession session, RealmModel realm, Agency agency, OwnerStore store) {
    this.session = session;
    this.realm = realm;
    this.agency = agency;
    this.store = store;
  }

  /**
   * A new provisional account, member of the agency's organization if it has a contract.
   *
   * @param contact what the agency holds: gives the name and the suggested address too
   * @param contracts contracts under this identifier
   * @param password a password that {@link LoadedPassword#isAccepted} accepts
   */
  OwnerAccount create(
      Identifier identifier, Contact contact, List<Contract> contracts, LoadedPassword password) {
    StoredUser made = prepare(identifier, contact, contracts, password);
    store.insert(List.of(made));
    return new OwnerAccount(session.users().getUserById(realm, made.getId()));
  }

  /** The same, not inserted yet. */
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
    setPassword(account, password);
    if (!contracts.isEmpty()) {
      user.join();
    }
    return user;
  }

  /** Whoever has an identifier of the agency is to be a member of its organization. */
  boolean isMember(UserModel user) {
    return organizations().isMember(agency.organization(), user);
  }

  void join(UserModel user) {
    if (!isMember(user)) {
      organizations().addMember(agency.organization(), user);
    }
  }

  private OrganizationProvider organizations() {
    return session.getProvider(OrganizationProvider.class);
  }

  /** Puts a letter's password in place of the one before; its time starts now. */
  void setPassword(OwnerAccount account, LoadedPassword password) {
    account.replaceCredential(password.credential());
    account.letter().forget();
    account.letter().setExpires(expires());
  }

  private Instant expires() {
    return Instant.now().plus(RealmSettings.provisionalLifetime(realm));
  }
}
