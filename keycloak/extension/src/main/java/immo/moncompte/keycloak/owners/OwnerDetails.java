package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.ReleaseRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.organization.OrganizationProvider;

/**
 * What an agency may know of the account that holds one of its identifiers: its own contracts,
 * contact details and events, and of a personal account a masked address (spec, rule 10).
 */
final class OwnerDetails {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Agency agency;

  OwnerDetails(KeycloakSession session, RealmModel realm, Agency agency) {
    this.session = session;
    this.realm = realm;
    this.agency = agency;
  }

  Map<String, Object> of(OwnerAccount account, Identifier asked) {
    List<Contact> contacts =
        account.contacts().stream().filter(contact -> isOwn(contact.agency())).toList();
    Optional<Contact> contact = contacts.stream().filter(one -> one.isUnder(asked)).findFirst();
    boolean isMember =
        session
            .getProvider(OrganizationProvider.class)
            .isMember(agency.organization(), account.user());
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("identifier", contact.map(Contact::identifier).orElse(asked.written()));
    shown.put("name", contact.map(Contact::name).orElse(""));
    shown.put("state", account.isPersonal() ? "personal" : "provisional");
    shown.put("step", Step.of(account, asked.attributeValue(), isMember, Instant.now()).word());
    shown.put("enabled", account.user().isEnabled());
    shown.put("frozen_at", text(account.frozenAt()));
    shown.put("locked", LockedNow.isLocked(session, realm, account.user()));
    shown.put("waiting_for_mail", account.link(MailLink.Kind.ACTIVATION).isPresent());
    shown.put(
        "contracts",
        account.contracts().stream().filter(contract -> isOwn(contract.agency())).toList());
    shown.put("contacts", contacts);
    shown.put("suggested_email", account.suggestedEmail());
    shown.put("letter_at", text(account.letterAt()));
    shown.put("started_at", text(account.startedAt()));
    shown.put("expires", text(account.provisionalExpires()));
    shown.put("activated_at", text(account.activatedAt()));
    shown.put("masked_email", OwnerList.maskedEmail(account));
    shown.put("release", release(account, asked));
    shown.put("merges", merges(account));
    shown.put("events", OwnerEvents.of(session, realm, account, agency));
    return shown;
  }

  /** The release for the same owner that was asked for; null when none is open. */
  private static Map<String, Object> release(OwnerAccount account, Identifier asked) {
    return account.releases().stream()
        .filter(one -> one.isAbout(asked) && !one.isForgotten(Instant.now()))
        .findFirst()
        .map(OwnerDetails::shown)
        .orElse(null);
  }

  private static Map<String, Object> shown(ReleaseRequest release) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("asked", Instant.ofEpochSecond(release.askedAt()).toString());
    shown.put("due", Instant.ofEpochSecond(release.dueAt()).toString());
    shown.put(
        "refused",
        release.wasRefused() ? Instant.ofEpochSecond(release.refusedAt()).toString() : null);
    return shown;
  }

  /**
   * The merges that brought identifiers of this agency and have not been undone for all of them.
   */
  private List<Map<String, Object>> merges(OwnerAccount account) {
    List<Map<String, Object>> merges = new ArrayList<>();
    for (MergeRecord merge : account.merges()) {
      List<Contact> contacts =
          merge.contacts().stream().filter(contact -> isOwn(contact.agency())).toList();
      List<Contract> contracts =
          merge.contracts().stream().filter(contract -> isOwn(contract.agency())).toList();
      if (!contacts.isEmpty()) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", merge.id());
        shown.put("at", Instant.ofEpochSecond(merge.at()).toString());
        shown.put("undoable_until", MergeUndo.undoableUntil(merge, realm).toString());
        shown.put("identifiers", contacts.stream().map(Contact::identifier).toList());
        shown.put("contracts", contracts);
        merges.add(shown);
      }
    }
    return merges;
  }

  private boolean isOwn(String codes) {
    return codes.equalsIgnoreCase(agency.getCodes());
  }

  private static String text(Object value) {
    return Objects.toString(value, null);
  }
}
