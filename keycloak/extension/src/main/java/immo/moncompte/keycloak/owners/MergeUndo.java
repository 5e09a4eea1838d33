package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Undoes a merge for one of the identifiers it brought: the identifier returns to a provisional
 * account of its own, with its contracts and contact details <em>as they are now</em>, so that
 * nothing the agency changed or added since is lost (spec, rule 6). The personal account keeps
 * everything else.
 *
 * <p>One identifier at a time, because a provisional account has one: a merge that brought several,
 * perhaps of several agencies, is undone by each agency for its own (rule 10).
 */
final class MergeUndo {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Agency agency;

  MergeUndo(KeycloakSession session, RealmModel realm, Agency agency) {
    this.session = session;
    this.realm = realm;
    this.agency = agency;
  }

  /** What is to be undone, found to be possible. */
  private record Plan(
      OwnerAccount personal,
      MergeRecord merge,
      Identifier identifier,
      Contact contact,
      List<Contract> contracts,
      boolean leavesAgency) {

    UndoAnswer answer(Instant expires) {
      return new UndoAnswer(
          merge.id(),
          Instant.ofEpochSecond(merge.at()).toString(),
          identifier.written(),
          contracts,
          contact,
          Addresses.masked(Objects.requireNonNullElse(personal.user().getEmail(), "")),
          leavesAgency,
          expires == null ? null : expires.toString());
    }
  }

  /** What would go back. Refuses as {@link #undo} does. */
  UndoAnswer describe(OwnerAccount personal, Identifier identifier, String mergeId) {
    return plan(personal, identifier, mergeId).answer(null);
  }

  /**
   * Gives the identifier back, in a transaction of its own.
   *
   * @param personal the account that holds the identifier
   * @param password its new provisional password, one that {@link OwnerValidation} accepts
   * @param by the client that asked for it, for the event
   */
  UndoAnswer undo(
      OwnerAccount personal,
      Identifier identifier,
      String mergeId,
      LoadedPassword password,
      ClientModel by) {
    return RowLock.inLockedTransaction(
        session,
        List.of(personal.id()),
        own -> {
          Agency sameAgency = Agency.findByAlias(own.session(), agency.getAlias()).orElseThrow();
          OwnerAccount locked = own.get(personal.id()).orElseThrow(() -> unknown(mergeId));
          return new MergeUndo(own.session(), own.realm(), sameAgency)
              .undoLocked(locked, identifier, mergeId, password, by);
        });
  }

  private UndoAnswer undoLocked(
      OwnerAccount personal,
      Identifier identifier,
      String mergeId,
      LoadedPassword password,
      ClientModel by) {
    Plan plan = plan(personal, identifier, mergeId);
    takeAway(plan);
    OwnerAccount provisional =
        new ProvisionalAccounts(session, realm, agency)
            .create(plan.identifier(), plan.contact(), plan.contracts(), password);
    logUndo(plan, personal, by);
    // Once more where `moncompte owners show` of the identifier looks from now on.
    logUndo(plan, provisional, by);
    tellOwner(plan);
    return plan.answer(provisional.provisionalExpires());
  }

  private Plan plan(OwnerAccount personal, Identifier asked, String mergeId) {
    MergeRecord merge =
        personal.merges().stream()
            .filter(one -> one.id().equals(mergeId) && one.brought(asked))
            .findFirst()
            .orElseThrow(() -> unknown(mergeId));
    if (undoableUntil(merge, realm).isBefore(Instant.now())) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "merge_too_old",
          "This merge could be undone until " + undoableUntil(merge, realm) + ".");
    }
    boolean elsewhere =
        !personal.identifiers().contains(asked.attributeValue())
            || session.users().getUserByUsername(realm, asked.username()) != null;
    if (elsewhere) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "merge_partly_gone",
          "The identifier belongs to another account meanwhile.");
    }
    Contact contact =
        Stream.concat(personal.contacts().stream(), merge.contacts().stream())
            .filter(one -> one.isUnder(asked))
            .findFirst()
            .orElseThrow(() -> unknown(mergeId));
    Identifier identifier = new Identifier(agency.getAlias(), contact.identifier());
    List<Contract> contracts =
        personal.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
    boolean leavesAgency =
        personal.contracts().stream()
            .filter(one -> one.agency().equalsIgnoreCase(agency.getCodes()))
            .allMatch(one -> one.isUnder(identifier));
    return new Plan(personal, merge, identifier, contact, contracts, leavesAgency);
  }

  /** Until when a merge can be undone, as the realm's settings are now. */
  static Instant undoableUntil(MergeRecord merge, RealmModel realm) {
    return Instant.ofEpochSecond(merge.at()).plus(new RealmSettings(realm).unmergeLifetime());
  }

  private void takeAway(Plan plan) {
    plan.personal().forget(plan.identifier());
    Membership.endWithLastContract(session, agency, plan.personal());
  }

  /** Who, what and when, in the transaction of the undoing itself; no secret (spec, rule 6). */
  private void logUndo(Plan plan, OwnerAccount account, ClientModel by) {
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.UPDATE_PROFILE)
        .client(by)
        .user(account.user())
        .detail("action", "unmerge")
        .detail("merge_id", plan.merge().id())
        .detail("agency", agency.getCodes())
        .detail("identifier", plan.identifier().written())
        .detail("contracts", Integer.toString(plan.contracts().size()))
        .success();
  }

  private void tellOwner(Plan plan) {
    UserModel owner = plan.personal().user();
    if (owner.getEmail() == null) {
      return; // An administrator has taken the address away: there is nowhere to write to.
    }
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("ownerName", plan.personal().name());
    attributes.put("agencyName", agency.getName());
    attributes.put("identifier", plan.identifier().written());
    attributes.put("contracts", plan.contracts().stream().map(Contract::inWords).toList());
    attributes.put("agencyPhone", Objects.requireNonNullElse(agency.getPhone(), ""));
    attributes.put("agencyEmail", Objects.requireNonNullElse(agency.getEmail(), ""));
    String locale =
        Objects.requireNonNullElse(
            owner.getFirstAttribute(UserModel.LOCALE),
            Objects.requireNonNullElse(realm.getDefaultLocale(), "fr"));
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            owner.getId(),
            owner.getEmail(),
            locale,
            "unmergedSubject",
            "unmerged.ftl",
            attributes));
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
