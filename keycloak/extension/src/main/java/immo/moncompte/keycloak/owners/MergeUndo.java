package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.AccountIdentifier;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.owners.AgencyOwner.Told;
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
  private final AgencyOwner owner;
  private final OwnerAccount personal;
  private final MergeRecord merge;
  private final Contact contact;
  private final List<Contract> contracts;

  /**
   * Finds out what is to be undone. Refusals: {@code merge_unknown} (404), {@code merge_too_old},
   * {@code merge_partly_gone}, {@code account_frozen} (409).
   */
  MergeUndo(AgencyOwner locked, String mergeId) {
    this.request = locked.request();
    this.personal = locked.account();
    this.merge =
        personal.merges().stream()
            .filter(one -> one.id().equals(mergeId) && one.brought(locked.identifier()))
            .findFirst()
            .orElseThrow(() -> unknown(mergeId));
    Refusals.requireNotFrozen(personal);
    requirePossible(locked.identifier());
    this.contact =
        Stream.concat(personal.contacts().stream(), merge.contacts().stream())
            .filter(one -> one.isUnder(locked.identifier()))
            .findFirst()
            .orElseThrow(() -> unknown(mergeId));
    this.owner = locked.under(new Identifier(request.agency().getAlias(), contact.identifier()));
    this.contracts = owner.contracts();
  }

  /** What to undo. A dry run tells what would go back, and needs no password. */
  record Order(boolean dryRun, String identifier, LoadedPassword password) {}

  /**
   * What went back, or would.
   *
   * @param leavesAgency whether the personal account has no other contract at this agency
   * @param expires until when the new credentials work; null in a dry run
   * @param told what became of the mail to the owner; null in a dry run
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
      String expires,
      Told told) {}

  /** Until when a merge can be undone, as the realm's settings are now. */
  static Instant undoableUntil(MergeRecord merge, RealmModel realm) {
    return Instant.ofEpochSecond(merge.at()).plus(RealmSettings.unmergeLifetime(realm));
  }

  /** Gives the identifier back, or tells what would go. */
  Answer answer(Order order) {
    return order.dryRun() ? answer(leavesAgency(), null, null) : undo(order.password());
  }

  private Answer undo(LoadedPassword password) {
    Refusals.requireAccepted(password);
    boolean leavesAgency = leavesAgency();
    Map<String, Object> mail = Map.of("contracts", owner.contractsInWords());
    new AccountIdentifier(personal, owner.identifier()).remove();
    owner.endWithLastContract();
    OwnerAccount provisional =
        new ProvisionalAccounts(request).create(owner.identifier(), contact, contracts, password);
    log(owner);
    // Once more where `moncompte owners show` of the identifier looks from now on.
    log(new AgencyOwner(request, provisional, owner.identifier()));
    Told told = owner.tell("unmerged", mail);
    return answer(leavesAgency, provisional.letter().expires(), told);
  }

  private void requirePossible(Identifier asked) {
    Instant until = undoableUntil(merge, request.realm());
    if (until.isBefore(Instant.now())) {
      throw Refusals.conflict("merge_too_old", "This merge could be undone until " + until + ".");
    }
    if (request.session().users().getUserByUsername(request.realm(), asked.username()) != null) {
      throw Refusals.conflict(
          "merge_partly_gone", "The identifier belongs to another account meanwhile.");
    }
  }

  private boolean leavesAgency() {
    return personal.contracts().stream()
        .filter(one -> request.isOwn(one.agency()))
        .allMatch(one -> one.isUnder(owner.identifier()));
  }

  private Answer answer(boolean leavesAgency, Instant expires, Told told) {
    return new Answer(
        merge.id(),
        Instant.ofEpochSecond(merge.at()).toString(),
        owner.identifier().written(),
        contracts,
        contact,
        owner.maskedEmail(),
        leavesAgency,
        Objects.toString(expires, null),
        told);
  }

  private void log(AgencyOwner about) {
    about.log(
        "unmerge", Map.of("merge_id", merge.id(), "contracts", Integer.toString(contracts.size())));
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
