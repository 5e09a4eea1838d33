package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.owners.OwnerTables.Held;
import immo.moncompte.keycloak.owners.OwnerTables.NewUser;
import immo.moncompte.keycloak.owners.OwnersAnswer.Result;
import immo.moncompte.keycloak.owners.OwnersRequest.Owner;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Brings one owner's account to what the agency's file says (spec, rule 9). Each decision is one
 * method, asked twice: of what was seen without a lock, to know who changes, and of the locked
 * account, to write.
 */
final class OwnerLoader {

  private final String codes;
  private final OwnersRequest request;
  private final ProvisionalAccounts provisionalAccounts;

  OwnerLoader(Agency agency, OwnersRequest request, ProvisionalAccounts provisionalAccounts) {
    this.codes = agency.getCodes();
    this.request = request;
    this.provisionalAccounts = provisionalAccounts;
  }

  /** What becomes of an owner who is not there yet. */
  Result lookAtNew(Owner owner, boolean isUsernameTaken) {
    if (isUsernameTaken) {
      return Result.refused(owner.identifier(), "identifier_taken");
    }
    if (owner.password() == null && !request.dryRun()) {
      return Result.refused(owner.identifier(), "password_missing");
    }
    return created(owner);
  }

  Result created(Owner owner) {
    return new Result(owner.identifier(), "created", "provisional", null);
  }

  /** The account of an owner who is not there yet. */
  NewUser prepare(Owner owner, Identifier identifier) {
    return provisionalAccounts.prepare(
        identifier, contact(owner, identifier), contracts(owner, identifier), owner.password());
  }

  /**
   * What would become of an owner who is there; writes nothing. « Updated » may prove to be nothing
   * once the account is locked.
   *
   * @param held null when it went between two looks
   */
  Result lookAt(Held held, Owner owner, Identifier identifier) {
    boolean isSettled =
        held != null
            && held.account().identifiers().contains(identifier.attributeValue())
            && (request.dryRun() || !mayReplacePassword(held.account(), owner));
    return isSettled
        ? update(held.account(), held.isMember(), owner, identifier, change -> {})
        : new Result(owner.identifier(), "updated", null, null);
  }

  /** Brings a locked account to what the file says. */
  Result update(OwnerAccount account, Owner owner, Identifier identifier) {
    boolean isMember = provisionalAccounts.isMember(account.user());
    return update(account, isMember, owner, identifier, Runnable::run);
  }

  private Result update(
      OwnerAccount account, boolean isMember, Owner owner, Identifier identifier, Writer writer) {
    Contact contact = contact(owner, identifier);
    List<Contract> own = contracts(owner, identifier);
    if (isMember && isAsLoaded(account, owner, contact, own)) {
      return new Result(owner.identifier(), "unchanged", "provisional", null);
    }
    List<Contact> heldContacts = account.contacts();
    if (account.isPersonal() && !request.samePerson() && isDifferentPerson(heldContacts, contact)) {
      return Result.refused(owner.identifier(), "another_person");
    }
    boolean changed = !isMember;
    if (!isMember) {
      writer.write(() -> provisionalAccounts.join(account.user()));
    }
    List<Contact> contacts = withContact(heldContacts, contact);
    if (!contacts.equals(heldContacts)) {
      changed = true;
      writer.write(() -> account.setContacts(contacts));
    }
    List<Contract> heldContracts = account.contracts();
    List<Contract> contracts = withContracts(heldContracts, own);
    if (!contracts.equals(heldContracts)) {
      changed = true;
      writer.write(() -> account.setContracts(contracts));
    }
    if (account.isPersonal()) {
      return new Result(owner.identifier(), outcome(changed), "personal", null);
    }
    changed |= bringProvisional(account, owner, writer);
    return new Result(owner.identifier(), outcome(changed), "provisional", null);
  }

  /**
   * Whether a provisional account is what a load of this owner makes, to the letter. So are nearly
   * all when a file is loaded again; it is told at once.
   */
  private boolean isAsLoaded(
      OwnerAccount account, Owner owner, Contact contact, List<Contract> contracts) {
    return !account.isPersonal()
        && account.holdsOnly(contact, contracts)
        && !isRenamed(account, owner)
        && contact.email().toLowerCase(Locale.ROOT).equals(nullToEmpty(account.suggestedEmail()))
        && !mayReplacePassword(account, owner);
  }

  private static boolean isRenamed(OwnerAccount account, Owner owner) {
    return !Objects.equals(account.user().getLastName(), owner.lastName())
        || !Objects.equals(
            emptyToNull(account.user().getFirstName()), emptyToNull(owner.firstName()));
  }

  private boolean bringProvisional(OwnerAccount account, Owner owner, Writer writer) {
    boolean changed = false;
    if (isRenamed(account, owner)) {
      changed = true;
      writer.write(() -> setNames(account, owner));
    }
    String suggested = Addresses.parse(owner.email()).orElse(null);
    if (!Objects.equals(account.suggestedEmail(), suggested)) {
      changed = true;
      // A new address in the agency's file ends the pending activation (spec, rule 3).
      writer.write(
          () -> {
            account.setSuggestedEmail(suggested);
            account.endPendingActivation();
          });
    }
    if (replacesPassword(account, owner)) {
      changed = true;
      writer.write(
          () -> {
            provisionalAccounts.setPassword(account, owner.password());
            account.endPendingActivation();
          });
    }
    return changed;
  }

  /** What is done about a change that was found. */
  private interface Writer {
    void write(Runnable change);
  }

  /** The same password sent again, because an answer was lost, is no change. */
  private boolean replacesPassword(OwnerAccount account, Owner owner) {
    return mayReplacePassword(account, owner)
        && !provisionalAccounts.isPassword(account, owner.password());
  }

  private boolean mayReplacePassword(OwnerAccount account, Owner owner) {
    return request.replacePasswords() && owner.password() != null && !account.isPersonal();
  }

  private static void setNames(OwnerAccount account, Owner owner) {
    account.user().setFirstName(emptyToNull(owner.firstName()));
    account.user().setLastName(owner.lastName());
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

  /** What is loaded comes or is corrected; a contract that the file no longer has stays. */
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

  private Contact contact(Owner owner, Identifier identifier) {
    return new Contact(
        codes,
        identifier.written(),
        nullToEmpty(owner.civility()),
        nullToEmpty(owner.lastName()),
        nullToEmpty(owner.firstName()),
        nullToEmpty(owner.email()),
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

  private static String outcome(boolean changed) {
    return changed ? "updated" : "unchanged";
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }

  private static String emptyToNull(String text) {
    return OwnerValidation.isBlank(text) ? null : text;
  }
}
