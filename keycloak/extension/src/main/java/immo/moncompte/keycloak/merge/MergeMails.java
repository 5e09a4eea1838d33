package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Tells the owner of a merge: which agency, which contracts, and what to do if it was not them. */
final class MergeMails {

  private final KeycloakSession session;
  private final RealmModel realm;

  MergeMails(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  void tellOwner(OwnerAccount personal, Agency agency, MergeRecord record, String locale) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(
        "disputeLink",
        new Disputes(session, realm).open(personal, Reason.MERGED, agency.getName()));
    attributes.put("ownerName", personal.name());
    attributes.put("agencyName", agency.getName());
    attributes.put("contracts", record.contracts().stream().map(Contract::inWords).toList());
    attributes.put("agencyPhone", Objects.requireNonNullElse(agency.getPhone(), ""));
    attributes.put("agencyEmail", Objects.requireNonNullElse(agency.getEmail(), ""));
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            personal.id(),
            personal.user().getEmail(),
            locale,
            "mergedSubject",
            "merged.ftl",
            attributes));
  }

  /**
   * Sends the link that merges an account into another, to the address of the one that would go.
   */
  void sendLink(AccountMerge.Waiting waiting, String link) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("ownerName", waiting.goes().name());
    attributes.put("keptAddress", waiting.survivor().user().getEmail());
    attributes.put("goneAddress", waiting.goes().user().getEmail());
    attributes.put("link", link);
    attributes.put("linkHours", RealmSettings.verificationLinkLifetime(realm).toHours());
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            waiting.goes().id(),
            waiting.goes().user().getEmail(),
            waiting.link().locale(),
            "mergeAccountsSubject",
            "merge-accounts.ftl",
            attributes));
  }

  /** Tells both addresses that two accounts are one; each gets its own link to dispute it. */
  void tellBoth(
      OwnerAccount survivor,
      String goneAddress,
      String goneName,
      MergeRecord record,
      String locale) {
    String keptAddress = survivor.user().getEmail();
    tellOfAccounts(survivor, keptAddress, survivor.name(), goneAddress, record, locale);
    tellOfAccounts(survivor, goneAddress, goneName, goneAddress, record, locale);
  }

  private void tellOfAccounts(
      OwnerAccount survivor,
      String address,
      String name,
      String goneAddress,
      MergeRecord record,
      String locale) {
    String keptAddress = survivor.user().getEmail();
    String otherAddress = address.equals(goneAddress) ? keptAddress : goneAddress;
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("ownerName", name);
    attributes.put("keptAddress", keptAddress);
    attributes.put("goneAddress", goneAddress);
    attributes.put("contracts", record.contracts().stream().map(Contract::inWords).toList());
    attributes.put(
        "disputeLink",
        new Disputes(session, realm).open(survivor, Reason.ACCOUNTS_MERGED, otherAddress));
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            survivor.id(),
            address,
            locale,
            "accountsMergedSubject",
            "accounts-merged.ftl",
            attributes));
  }

  /**
   * Tells the address that the agency holds for the contracts that they went to an account with
   * another one. Nobody has proved that it is the owner's: it is told whom to turn to, and gets no
   * link that freezes somebody's account.
   *
   * @param formerName the name that the agency holds
   */
  void tellSuggestedAddress(
      OwnerAccount personal,
      Agency agency,
      ProvisionalProof proof,
      String formerName,
      String locale) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("ownerName", formerName);
    attributes.put("agencyName", agency.getName());
    attributes.put("identifier", proof.writtenIdentifier());
    attributes.put("maskedAddress", Addresses.masked(personal.user().getEmail()));
    attributes.put("agencyPhone", Objects.requireNonNullElse(agency.getPhone(), ""));
    attributes.put("agencyEmail", Objects.requireNonNullElse(agency.getEmail(), ""));
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            personal.id(),
            proof.suggestedEmail(),
            locale,
            "mergedOtherAddressSubject",
            "merged-other-address.ftl",
            attributes));
  }
}
