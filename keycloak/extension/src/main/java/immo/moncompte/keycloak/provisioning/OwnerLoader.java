package immo.moncompte.keycloak.provisioning;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.provisioning.OwnersAnswer.Result;
import immo.moncompte.keycloak.provisioning.OwnersRequest.Owner;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Brings one owner's account to what the agency's file says (spec, rule 9). */
final class OwnerLoader {

  private final HeldIdentifiers held;
  private final Agency agency;
  private final OwnersRequest request;
  private final ProvisionalAccounts provisionalAccounts;

  OwnerLoader(
      KeycloakSession session,
      RealmModel realm,
      Agency agency,
      OwnersRequest request,
      HeldIdentifiers held) {
    this.held = held;
    this.agency = agency;
    this.request = request;
    this.provisionalAccounts = new ProvisionalAccounts(session, realm, agency);
  }

  Result load(Owner owner, Identifier identifier) {
    Optional<OwnerAccount> account = held.account(identifier);
    if (account.isEmpty() && held.isUsernameTaken(identifier)) {
      return Result.refused(owner.identifier(), "identifier_taken");
    }
    if (account.isEmpty()) {
      return create(owner, identifier);
    }
    Contact contact = contact(owner, identifier);
    if (account.get().isPersonal() && !request.samePerson() && names(account.get(), contact)) {
      return Result.refused(owner.identifier(), "another_person");
    }
    return update(account.get(), owner, identifier, contact);
  }

  private Result create(Owner owner, Identifier identifier) {
    if (request.dryRun()) {
      return new Result(owner.identifier(), "created", "provisional", null);
    }
    if (owner.password() == null) {
      return Result.refused(owner.identifier(), "password_missing");
    }
    provisionalAccounts.create(
        identifier, contact(owner, identifier), contracts(owner, identifier), owner.password());
    return new Result(owner.identifier(), "created", "provisional", null);
  }

  private Result update(OwnerAccount account, Owner owner, Identifier identifier, Contact contact) {
    boolean changed = false;
    List<Contact> contacts = withContact(account.contacts(), contact);
    if (!contacts.equals(account.contacts())) {
      changed = true;
      ifReal(() -> account.setContacts(contacts));
    }
    List<Contract> contracts = withContracts(account.contracts(), contracts(owner, identifier));
    if (!contracts.equals(account.contracts())) {
      changed = true;
      ifReal(() -> account.setContracts(contracts));
    }
    ifReal(() -> provisionalAccounts.join(account.user()));
    if (account.isPersonal()) {
      return new Result(owner.identifier(), outcome(changed), "personal", null);
    }
    changed |= updateProvisional(account, owner);
    return new Result(owner.identifier(), outcome(changed), "provisional", null);
  }

  private boolean updateProvisional(OwnerAccount account, Owner owner) {
    boolean changed = false;
    boolean renamed =
        !Objects.equals(account.user().getLastName(), owner.lastName())
            || !Objects.equals(
                emptyToNull(account.user().getFirstName()), emptyToNull(owner.firstName()));
    if (renamed) {
      changed = true;
      ifReal(() -> setNames(account, owner));
    }
    String suggested = Addresses.parse(owner.email()).orElse(null);
    if (!Objects.equals(account.suggestedEmail(), suggested)) {
      changed = true;
      // A new address in the agency's file ends the pending activation (spec, rule 3).
      ifReal(
          () -> {
            account.setSuggestedEmail(suggested);
            account.endPendingActivation();
          });
    }
    if (replacesPassword(account, owner)) {
      changed = true;
      ifReal(
          () -> {
            provisionalAccounts.setPassword(account, owner.password());
            account.endPendingActivation();
          });
    }
    return changed;
  }

  /** The same password sent again, because an answer was lost, is no change. */
  private boolean replacesPassword(OwnerAccount account, Owner owner) {
    return request.replacePasswords()
        && owner.password() != null
        && !provisionalAccounts.isPassword(account, owner.password());
  }

  private static void setNames(OwnerAccount account, Owner owner) {
    account.user().setFirstName(emptyToNull(owner.firstName()));
    account.user().setLastName(owner.lastName());
  }

  /**
   * Whether the file names somebody else: last and first name both differ, case and accents aside.
   * Companies and successions have no first name: theirs differs when the last name does.
   */
  private static boolean names(OwnerAccount account, Contact contact) {
    return account.contacts().stream()
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
        agency.getCodes(),
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
                    agency.getCodes(),
                    identifier.written(),
                    contract.reference(),
                    contract.role(),
                    nullToEmpty(contract.address())))
        .toList();
  }

  private void ifReal(Runnable change) {
    if (!request.dryRun()) {
      change.run();
    }
  }

  private static String outcome(boolean changed) {
    return changed ? "updated" : "unchanged";
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }

  private static String emptyToNull(String text) {
    return OwnerCheck.isBlank(text) ? null : text;
  }
}
