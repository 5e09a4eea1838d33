package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.AccountIdentifier;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.keycloak.models.RealmModel;

/**
 * Undoes a merge for one of the identifiers it brought: the identifier returns to a provisional
 * account of its own, with its contracts and contact details <em>as they are now</em>, so that
 * nothing the agency changed or added since is lost (specification, rule 6). The personal account
 * keeps everything else.
 *
 * <p>One identifier at a time, because a provisional account has one. A merge that brought several,
 * perhaps of several agencies, is undone by each agency for its own (specification, rule 10).
 */
final class MergeUndo {

  private final AgencyRequest request;
  private final OwnerAccount personal;
  private final MergeRecord merge;
  private final Identifier identifier;
  private final Contact contact;
  private final List<Contract> contracts;

  /**
   * Finds out what is to be undone. Refusals: {@code merge_unknown} (404), {@code merge_too_old},
   * {@code merge_partly_gone} (409).
   *
   * @param personal the account that holds the identifier; locked, unless this is only a preview
   */
  MergeUndo(AgencyRequest request, OwnerAccount personal, Identifier asked, String mergeId) {
    this.request = request;
    this.personal = personal;
    this.merge =
        personal.merges().stream()
            .filter(one -> one.id().equals(mergeId) && one.brought(asked))
            .findFirst()
            .orElseThrow(() -> unknown(mergeId));
    requirePossible(asked);
    this.contact =
        Stream.concat(personal.contacts().stream(), merge.contacts().stream())
            .filter(one -> one.isUnder(asked))
            .findFirst()
            .orElseThrow(() -> unknown(mergeId));
    this.identifier = new Identifier(request.agency().getAlias(), contact.identifier());
    this.contracts = request.contracts(personal, identifier);
  }

  /**
   * What to undo.
   *
   * @param dryRun answer what would go back, and change nothing
   * @param identifier the identifier that goes back
   * @param password its new provisional password; may be null in a dry run only
   */
  record Order(boolean dryRun, String identifier, LoadedPassword password) {}

  /**
   * What went back, or would.
   *
   * @param merge id of the merge
   * @param mergedAt when the merge was made
   * @param identifier the identifier, as the agency writes it
   * @param contracts its contracts as they are now
   * @param contact what the agency holds under it
   * @param maskedEmail address of the personal account they leave, as an agency may see it
   * @param leavesAgency whether the personal account has no other contract at this agency
   * @param expires until when the new credentials work; null in a dry run
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Answer(
      String merge,
      String mergedAt,
      String identifier,
      List<Contract> contracts,
      Contact contact,
      String maskedEmail,
      boolean leavesAgency,
      String expires) {}

  /** Until when a merge can be undone, as the realm's settings are now. */
  static Instant undoableUntil(MergeRecord merge, RealmModel realm) {
    return Instant.ofEpochSecond(merge.at()).plus(RealmSettings.unmergeLifetime(realm));
  }

  /** What would go back. */
  Answer preview() {
    return answer(leavesAgency(), null);
  }

  /**
   * Gives the identifier back. To be used within a transaction that has locked the account.
   *
   * @param password its new provisional password, one that {@link LoadedPassword#isAccepted}
   *     accepts
   */
  Answer undo(LoadedPassword password) {
    boolean leavesAgency = leavesAgency();
    new AccountIdentifier(personal, identifier).remove();
    request.endMembershipWithLastContract(personal);
    OwnerAccount provisional =
        new ProvisionalAccounts(request.session(), request.realm(), request.agency())
            .create(identifier, contact, contracts, password);
    log(personal);
    // Once more where `moncompte owners show` of the identifier looks from now on.
    log(provisional);
    request.tell(
        personal,
        identifier,
        "unmerged",
        Map.of("contracts", contracts.stream().map(Contract::inWords).toList()));
    return answer(leavesAgency, provisional.letter().expires());
  }

  private void requirePossible(Identifier asked) {
    Instant until = undoableUntil(merge, request.realm());
    if (until.isBefore(Instant.now())) {
      throw Refusals.conflict("merge_too_old", "This merge could be undone until " + until + ".");
    }
    boolean isElsewhere =
        !personal.identifiers().contains(asked.attributeValue())
            || request.session().users().getUserByUsername(request.realm(), asked.username())
                != null;
    if (isElsewhere) {
      throw Refusals.conflict(
          "merge_partly_gone", "The identifier belongs to another account meanwhile.");
    }
  }

  private boolean leavesAgency() {
    return personal.contracts().stream()
        .filter(one -> request.isOwn(one.agency()))
        .allMatch(one -> one.isUnder(identifier));
  }

  private Answer answer(boolean leavesAgency, Instant expires) {
    return new Answer(
        merge.id(),
        Instant.ofEpochSecond(merge.at()).toString(),
        identifier.written(),
        contracts,
        contact,
        EmailAddress.masked(Objects.requireNonNullElse(personal.user().getEmail(), "")),
        leavesAgency,
        Objects.toString(expires, null));
  }

  private void log(OwnerAccount account) {
    request.log(
        account,
        "unmerge",
        identifier,
        Map.of("merge_id", merge.id(), "contracts", Integer.toString(contracts.size())));
  }

  private static RuntimeException unknown(String mergeId) {
    return Refusals.refusal(
        Response.Status.NOT_FOUND,
        "merge_unknown",
        "The account with this identifier has no merge "
            + mergeId
            + " that brought it; it may have been undone already.");
  }
}
