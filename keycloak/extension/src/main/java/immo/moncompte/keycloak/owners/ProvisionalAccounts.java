package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.activation.ActivateRequiredAction;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.organization.OrganizationProvider;

/** Makes an agency's provisional accounts: users that cannot get in before activation . */
final class ProvisionalAccounts {

  private static final Map<String, List<String>> ARGON2_PARAMETERS =
      Map.of(
          "hashLength", List.of("32"),
          "memory", List.of("7168"),
          "type", List.of("id"),
          "version", List.of("1.3"),
          "parallelism", List.of("1"));

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
   * @param password a password that {@link OwnerValidation} accepts
   */
  OwnerAccount create(
      Identifier identifier, Contact contact, List<Contract> contracts, LoadedPassword password) {
    StoredUser made = prepare(identifier, contact, contracts, password);
    store.insert(List.of(made));
    return OwnerAccount.of(session.users().getUserById(realm, made.getId()));
  }

  /** The same, not inserted yet. */
  StoredUser prepare(
      Identifier identifier, Contact contact, List<Contract> contracts, LoadedPassword password) {
    StoredUser user = store.newUser(identifier.username());
    user.addRequiredAction(ActivateRequiredAction.ID);
    user.setFirstName(contact.firstName().isBlank() ? null : contact.firstName());
    user.setLastName(contact.lastName());
    OwnerAccount account = user.account();
    account.setIdentifiers(List.of(identifier.attributeValue()));
    account.setContacts(List.of(contact));
    account.setContracts(contracts);
    account.setSuggestedEmail(Addresses.parse(contact.email()).orElse(null));
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

  /** Whether the letter's password is the very one sent: same salt, same hash. */
  boolean isPassword(OwnerAccount account, LoadedPassword password) {
    return account
        .credential(OwnerAccount.PROVISIONAL_PASSWORD)
        .map(PasswordCredentialModel::createFromCredentialModel)
        .map(PasswordCredentialModel::getPasswordSecretData)
        .filter(stored -> stored.getValue().equals(password.value()))
        .filter(
            stored -> Arrays.equals(stored.getSalt(), Base64.getDecoder().decode(password.salt())))
        .isPresent();
  }

  /** Puts a letter's password in place of the one before; its time starts now. */
  void setPassword(OwnerAccount account, LoadedPassword password) {
    account.replaceCredential(credential(password));
    account.letter().forget();
    account.letter().setExpires(expires());
  }

  private Instant expires() {
    return Instant.now().plus(RealmSettings.provisionalLifetime(realm));
  }

  private static CredentialModel credential(LoadedPassword password) {
    return ProvisionalPassword.credential(
        password.algorithm(),
        password.iterations(),
        Base64.getDecoder().decode(password.salt()),
        password.value(),
        password.generated() ? Map.of() : ARGON2_PARAMETERS,
        password.generated());
  }
}
