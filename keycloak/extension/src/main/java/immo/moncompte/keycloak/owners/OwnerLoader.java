package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnersAnswer.Result;
import immo.moncompte.keycloak.owners.OwnersRequest.Owner;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Makes the accounts of a batch what the agency's file says (specification, rule 9).
 *
 * <p>All accounts of the batch are read and locked, each owner is decided once and changed in
 * memory, and all changes are written together. A dry run reads without locks and writes nothing.
 */
final class OwnerLoader {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final String alias;
  private final String codes;
  private final OwnersRequest request;
  private final OwnerStore store;
  private final ProvisionalAccounts provisionalAccounts;

  OwnerLoader(KeycloakSession session, RealmModel realm, Agency agency, OwnersRequest request) {
    this.session = session;
    this.realm = realm;
    this.alias = agency.getAlias();
    this.codes = agency.getCodes();
    this.request = request;
    this.store = new OwnerStore(session, realm, agency);
    this.provisionalAccounts = new ProvisionalAccounts(session, realm, agency, store);
  }

  // ------------------------------------------------------------ a batch

  /** What becomes of each owner, in the order of the batch. */
  List<Result> load() {
    List<Entry> entries = validated();
    List<Identifier> identifiers =
        entries.stream().filter(Entry::isAccepted).map(Entry::identifier).toList();
    Map<String, StoredUser> held = store.find(identifiers, !request.dryRun());
    Set<String> taken = OwnerStore.takenUsernames(session, realm, unheld(identifiers, held));
    List<StoredUser> created = new ArrayList<>();
    List<Result> results = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.isAccepted()) {
        results.add(Result.refused(entry.owner.identifier(), entry.refusal));
        continue;
      }
      StoredUser user = held.get(entry.identifier.attributeValue());
      results.add(
          user == null
              ? create(entry, taken.contains(entry.identifier.username()), created)
              : update(user, entry.owner, entry.identifier));
    }
    if (!request.dryRun()) {
      store.update(new HashSet<>(held.values()));
      store.insert(created);
    }
    return results;
  }

  /**
   * An owner of the batch.
   *
   * @param identifier null when it is none
   * @param refusal why the owner is refused as it was sent, or null
   */
  private record Entry(Owner owner, Identifier identifier, String refusal) {

    boolean isAccepted() {
      return refusal == null;
    }
  }

  private List<Entry> validated() {
    Set<String> seen = new HashSet<>();
    return request.owners().stream().map(owner -> validated(owner, seen)).toList();
  }

  private Entry validated(Owner owner, Set<String> seen) {
    Optional<Identifier> identifier = Identifier.parse(alias, owner.identifier());
    if (identifier.isEmpty()) {
      return new Entry(owner, null, "identifier_invalid");
    }
    if (!seen.add(identifier.get().attributeValue())) {
      return new Entry(owner, null, "duplicate_in_batch");
    }
    return new Entry(owner, identifier.get(), OwnerValidation.refusal(owner));
  }

  private static List<Identifier> unheld(
      List<Identifier> identifiers, Map<String, StoredUser> held) {
    return identifiers.stream()
        .filter(identifier -> held.get(identifier.attributeValue()) == null)
        .toList();
  }

  // ------------------------------------------------------------ an owner who is not there yet

  private Result create(Entry entry, boolean isUsernameTaken, List<StoredUser> created) {
    Owner owner = entry.owner;
    if (isUsernameTaken) {
      return Result.refused(owner.identifier(), "identifier_taken");
    }
    if (owner.password() == null && !request.dryRun()) {
      return Result.refused(owner.identifier(), "password_missing");
    }
    if (request.dryRun()) {
      return new Result(owner.identifier(), "created", "provisional", null, null);
    }
    StoredUser user =
        provisionalAccounts.prepare(
            entry.identifier,
            contact(owner, entry.identifier),
            contracts(owner, entry.identifier),
            owner.password());
    created.add(user);
    return new Result(owner.identifier(), "created", "provisional", null, user.getId());
  }

  // ------------------------------------------------------------ an owner who is there

  /** Changes the account in memory. */
  private Result update(StoredUser user, Owner owner, Identifier identifier) {
    OwnerAccount account = user.account();
    Contact contact = contact(owner, identifier);
    List<Contact> heldContacts = account.contacts();
    if (account.isPersonal() && !request.samePerson() && isDifferentPerson(heldContacts, contact)) {
      return Result.refused(owner.identifier(), "another_person");
    }
    boolean changed = !user.isMember();
    user.join();
    List<Contact> contacts = withContact(heldContacts, contact);
    if (!contacts.equals(heldContacts)) {
      changed = true;
      account.setContacts(contacts);
    }
    List<Contract> heldContracts = account.contracts();
    List<Contract> contracts = withContracts(heldContracts, contracts(owner, identifier));
    if (!contracts.equals(heldContracts)) {
      changed = true;
      account.setContracts(contracts);
    }
    if (!account.isPersonal()) {
      changed |= updateProvisional(account, owner);
    }
    return new Result(
        owner.identifier(),
        changed ? "updated" : "unchanged",
        account.isPersonal() ? "personal" : "provisional",
        null,
        hasPassword(account, owner) ? account.id() : null);
  }

  private boolean updateProvisional(OwnerAccount account, Owner owner) {
    boolean changed = false;
    if (isRenamed(account, owner)) {
      changed = true;
      account.user().setFirstName(emptyToNull(owner.firstName()));
      account.user().setLastName(owner.lastName());
    }
    String suggested = EmailAddress.parse(owner.email()).orElse(null);
    if (!Objects.equals(account.suggestedEmail(), suggested)) {
      changed = true;
      account.setSuggestedEmail(suggested);
      // A new address in the agency's file ends the pending activation (specification, rule 3).
      account.endPendingActivation();
    }
    if (replacesPassword(account, owner)) {
      changed = true;
      provisionalAccounts.setPassword(account, owner.password());
      account.endPendingActivation();
    }
    return changed;
  }

  private static boolean isRenamed(OwnerAccount account, Owner owner) {
    return !Objects.equals(account.user().getLastName(), owner.lastName())
        || !Objects.equals(
            emptyToNull(account.user().getFirstName()), emptyToNull(owner.firstName()));
  }

  /** The same password sent again, because an answer was lost, is no change. */
  private boolean replacesPassword(OwnerAccount account, Owner owner) {
    return request.replacePasswords() && owner.password() != null && !hasPassword(account, owner);
  }

  /** Whether the account has the very password that was sent. */
  private static boolean hasPassword(OwnerAccount account, Owner owner) {
    return owner.password() != null
        && account
            .credential(OwnerAccount.PROVISIONAL_PASSWORD)
            .filter(owner.password()::isStoredIn)
            .isPresent();
  }

  /**
   * Whether the file names somebody else: last and first name both differ, case and accents aside.
   * Companies and successions have no first name: theirs differs when the last name does.
   */
  private static boolean isDifferentPerson(List<Contact> contacts, Contact contact) {
    return contacts.stream()
        .filter(contact::isAbout)
        .anyMatch(
            held ->
                !plain(held.lastName()).equals(plain(contact.lastName()))
                    && (plain(contact.firstName()).isEmpty()
                        || !plain(held.firstName()).equals(plain(contact.firstName()))));
  }

  private static String plain(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .replaceAll("[^\\p{L}]", "")
        .toLowerCase(Locale.ROOT);
  }

  private static List<Contact> withContact(List<Contact> held, Contact loaded) {
    List<Contact> contacts = new ArrayList<>(held);
    contacts.replaceAll(contact -> contact.isAbout(loaded) ? loaded : contact);
    if (contacts.stream().noneMatch(loaded::isAbout)) {
      contacts.add(loaded);
    }
    return contacts;
  }

  /** Loaded contracts are added or corrected; a contract that the file no longer has stays. */
  private static List<Contract> withContracts(List<Contract> held, List<Contract> loaded) {
    List<Contract> contracts = new ArrayList<>(held);
    for (Contract contract : loaded) {
      contracts.replaceAll(one -> one.isSameAs(contract) ? contract : one);
      if (contracts.stream().noneMatch(contract::isSameAs)) {
        contracts.add(contract);
      }
    }
    return contracts;
  }

  // ------------------------------------------------------------ what an owner's line says

  private Contact contact(Owner owner, Identifier identifier) {
    return new Contact(
        codes,
        identifier.written(),
        nullToEmpty(owner.civility()),
        nullToEmpty(owner.lastName()),
        nullToEmpty(owner.firstName()),
        EmailAddress.parse(owner.email()).orElse(""),
        nullToEmpty(owner.phone()),
        nullToEmpty(owner.mobile()),
        nullToEmpty(owner.address()),
        nullToEmpty(owner.postalCode()),
        nullToEmpty(owner.city()));
  }

  private List<Contract> contracts(Owner owner, Identifier identifier) {
    return owner.contracts().stream()
        .map(
            contract ->
                new Contract(
                    codes,
                    identifier.written(),
                    contract.reference(),
                    contract.role(),
                    nullToEmpty(contract.address())))
        .toList();
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }

  private static String emptyToNull(String text) {
    return OwnerValidation.isBlank(text) ? null : text;
  }
}
