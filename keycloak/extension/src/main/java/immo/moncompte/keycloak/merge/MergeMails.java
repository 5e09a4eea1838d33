package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.core.Reason;
import java.util.List;
import java.util.Map;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Tells the owner of a merge: which agency, which contracts, and what to do if it was not them. */
record MergeMails(KeycloakSession session, RealmModel realm) {

  void tellOwner(OwnerAccount personal, Agency agency, MergeRecord record, String locale) {
    String link = new Disputes(session, realm).open(personal, Reason.MERGED, agency.getName());
    new OwnerMail("merged", personal, personal.user().getEmail(), locale)
        .withAgency(agency)
        .with("ownerName", personal.name())
        .with("contracts", record.contracts().stream().map(Contract::inWords).toList())
        .with("disputeLink", link)
        .queue(session);
  }

  /**
   * Sends the link that merges an account into another, to the address of the one that would go.
   */
  void sendLink(AccountMerge.Waiting waiting, String link) {
    String goneAddress = waiting.goes().user().getEmail();
    new OwnerMail("merge-accounts", waiting.goes(), goneAddress, waiting.link().locale())
        .with("ownerName", waiting.goes().name())
        .with("keptAddress", EmailAddress.shown(waiting.survivor().user().getEmail()))
        .with("goneAddress", EmailAddress.shown(goneAddress))
        .withLink(link, RealmSettings.verificationLinkLifetime(realm))
        .queue(session);
  }

  /** Tells both addresses that two accounts are one; each gets its own link to dispute it. */
  void tellBoth(
      OwnerAccount survivor,
      String goneAddress,
      String goneName,
      MergeRecord record,
      String locale) {
    String keptAddress = survivor.user().getEmail();
    List<Map<String, String>> contracts =
        record.contracts().stream().map(Contract::inWords).toList();
    Disputes disputes = new Disputes(session, realm);
    new OwnerMail("accounts-merged", survivor, keptAddress, locale)
        .with("ownerName", survivor.name())
        .with("keptAddress", EmailAddress.shown(keptAddress))
        .with("goneAddress", EmailAddress.shown(goneAddress))
        .with("contracts", contracts)
        .with("disputeLink", disputes.open(survivor, Reason.ACCOUNTS_MERGED, goneAddress))
        .queue(session);
    new OwnerMail("accounts-merged", survivor, goneAddress, locale)
        .with("ownerName", goneName)
        .with("keptAddress", EmailAddress.shown(keptAddress))
        .with("goneAddress", EmailAddress.shown(goneAddress))
        .with("contracts", contracts)
        .with("disputeLink", disputes.open(survivor, Reason.ACCOUNTS_MERGED, keptAddress))
        .queue(session);
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
    new OwnerMail("merged-other-address", personal, proof.suggestedEmail(), locale)
        .withAgency(agency)
        .with("ownerName", formerName)
        .with("identifier", proof.writtenIdentifier())
        .with("maskedAddress", EmailAddress.masked(personal.user().getEmail()))
        .queue(session);
  }
}
