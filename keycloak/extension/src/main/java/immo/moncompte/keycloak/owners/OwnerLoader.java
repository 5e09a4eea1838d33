package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.IdentifierKeys;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnersRequest.Owner;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Makes the accounts of a batch what the agency's file says (specification, rule 9).
 *
 * <p>All accounts of the batch are read and locked, each owner is decided once and changed in
 * memory, and all changes are written together. A dry run reads without locks and writes nothing.
 */
final class OwnerLoader {

  private final AgencyRequest request;
  private final String codes;
  private final OwnersRequest batch;
  private final OwnerStore store;
  private final ProvisionalAccounts provisionalAccounts;

  OwnerLoader(AgencyRequest request, OwnersRequest batch) {
    this.request = request;
    this.codes = request.agency().getCodes();
    this.batch = batch;
    this.store = new OwnerStore(request);
    this.provisionalAccounts = new ProvisionalAccounts(request, store);
  }

  /**
   * What became of one owner.
   *
   * @param outcome created, updated, unchanged or refused
   * @param state provisional or personal; null when refused
   * @param account id of the account if it now has the password that was sent, else null
   */
  public record Result(
      String identifier, String outcome, String state, String reason, String account) {

    static Result refused(String identifier, String reason) {
      return new Result(identifier, "refused", null, reason, null);
    }

    boolean isChange() {
      return outcome.equals("created") || outcome.equals("updated");
    }
  }

  /** What becomes of each owner, in the order of the batch. */
  List<Result> load() {
    List<Entry> entries = validated();
    List<Identifier> identifiers =
        entries.stream().filter(Entry::isAccepted).map(Entry::identifier).toList();
    Map<Identifier, StoredUser> held = store.find(identifiers, !batch.dryRun());
    Set<String> taken =
        store.takenUsernames(
            identifiers.stream().filter(one -> !isSoWritten(held.get(one), one)).toList());
    List<StoredUser> created = new ArrayList<>();
    List<Result> results = new ArrayList<>();
    for (Entry entry : entries) {
      if (!entry.isAccepted()) {
        results.add(Result.refused(entry.owner.identifier(), entry.refusal));
        continue;
      }
      StoredUser user = held.get(entry.identifier);
      results.add(
          user == null || isOnlyAlike(user, entry)
              ? create(entry, taken.contains(entry.identifier.username()), created)
              : update(user, entry.owner, entry.identifier));
    }
    if (!batch.dryRun()) {
      store.update(new HashSet<>(held.values()));
      store.insert(created);
    }
    return results;
  }

  /** An owner of the batch, and why it is refused as it was sent, or null. */
  private record Entry(Owner owner, Identifier identifier, String refusal) {

    boolean isAccepted() {
      return refusal == null;
    }
  }

  private List<Entry> validated() {
    Set<String> seen = new HashSet<>();
    return batch.owners().stream().map(owner -> validated(owner, seen)).toList();
  }

  private Entry validated(Owner owner, Set<String> seen) {
    Optional<Identifier> identifier =
        Identifier.parse(request.agency().getAlias(), owner.identifier());
    if (identifier.isEmpty()) {
      return new Entry(owner, null, "identifier_invalid");
    }
    if (!seen.add(identifier.get().attributeValue())) {
      return new Entry(owner, null, "duplicate_in_batch");
    }
    return new Entry(owner, identifier.get(), owner.refusal());
  }

  private static boolean isSoWritten(StoredUser user, Identifier identifier) {
    return user != null && new IdentifierKeys(user.account()).isWritten(identifier);
  }

  /**
   * Whether an identifier is another one than that of an account, although its bare form is the
   * same: it is another person's, as 1-23 and 12-3 may be.
   */
  private boolean isOnlyAlike(StoredUser user, Entry entry) {
    return !isSoWritten(user, entry.identifier)
        && isDifferentPerson(
            user.account().contacts(),
            entry.owner.contact(codes, heldAs(user.account(), entry.identifier)));
  }

  /** The identifier as it is written; one that is written in another way stays what it was. */
  private Identifier heldAs(OwnerAccount account, Identifier loaded) {
    return new IdentifierKeys(account).isWritten(loaded)
        ? loaded
        : AgencyOwner.of(request, account, loaded).identifier();
  }

  private Result create(Entry entry, boolean isUsernameTaken, List<StoredUser> created) {
    Owner owner = entry.owner;
    if (isUsernameTaken) {
      return Result.refused(owner.identifier(), "identifier_taken");
    }
    if (owner.password() == null && !batch.dryRun()) {
      return Result.refused(owner.identifier(), "password_missing");
    }
    if (batch.dryRun()) {
      return new Result(owner.identifier(), "created", "provisional", null, null);
    }
    StoredUser user =
        provisionalAccounts.prepare(
            entry.identifier,
            owner.contact(codes, entry.identifier),
            owner.contracts(codes, entry.identifier),
            owner.password());
    created.add(user);
    return new Result(owner.identifier(), "created", "provisional", null, user.getId());
  }

  /** Changes the account in memory. */
  private Result update(StoredUser user, Owner owner, Identifier loaded) {
    OwnerAccount account = user.account();
    Identifier identifier = heldAs(account, loaded);
    Contact contact = owner.contact(codes, identifier);
    List<Contact> heldContacts = account.contacts();
    if (account.isPersonal() && !batch.samePerson() && isDifferentPerson(heldContacts, contact)) {
      return Result.refused(owner.identifier(), "another_person");
    }
    List<Contact> contacts = merged(heldContacts, List.of(contact), Contact::isAbout);
    List<Contract> heldContracts = account.contracts();
    List<Contract> contracts =
        merged(heldContracts, owner.contracts(codes, identifier), Contract::isSameAs);
    boolean changed =
        !user.isMember() || !contacts.equals(heldContacts) || !contracts.equals(heldContracts);
    boolean isFrozen = account.suspension().frozenAt() != null;
    if (changed && isFrozen) {
      return Result.refused(owner.identifier(), "account_frozen");
    }
    if (changed) {
      user.join();
      account.setContacts(contacts);
      account.setContracts(contracts);
    }
    IdentifierKeys keys = new IdentifierKeys(account);
    if (keys.areMissing() && !isFrozen) {
      changed = true;
      keys.write();
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
    // A different address in the agency's file ends the pending activation. An emptied cell is
    // none: the address stays as it was (specification, rule 3).
    Optional<String> suggested = EmailAddress.parse(owner.email());
    if (suggested.isPresent() && !suggested.get().equals(account.suggestedEmail())) {
      changed = true;
      account.setSuggestedEmail(suggested.get());
      account.endPendingActivation();
    }
    if (replacesPassword(account, owner)) {
      changed = true;
      owner.password().giveTo(account, request.realm());
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
    return batch.replacePasswords() && owner.password() != null && !hasPassword(account, owner);
  }

  /** Whether the account has the very password that was sent. */
  private static boolean hasPassword(OwnerAccount account, Owner owner) {
    return owner.password() != null
        && account
            .credential(OwnerAccount.PROVISIONAL_PASSWORD)
            .filter(owner.password()::isStoredIn)
            .isPresent();
  }

  /** Whether the file names somebody else. */
  private static boolean isDifferentPerson(List<Contact> contacts, Contact contact) {
    return contacts.stream().filter(contact::isAbout).anyMatch(contact::isDifferentPerson);
  }

  /** What is loaded replaces the same thing held, or is added; what the file lacks stays. */
  private static <T> List<T> merged(List<T> held, List<T> loaded, BiPredicate<T, T> isSame) {
    List<T> merged = new ArrayList<>(held);
    for (T one : loaded) {
      merged.replaceAll(other -> isSame.test(other, one) ? one : other);
      if (!merged.contains(one)) {
        merged.add(one);
      }
    }
    return merged;
  }

  private static String emptyToNull(String text) {
    return OwnersRequest.isBlank(text) ? null : text;
  }
}
