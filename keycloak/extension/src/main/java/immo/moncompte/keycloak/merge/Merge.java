package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import immo.moncompte.keycloak.activation.WaitingActivation;
import immo.moncompte.keycloak.core.LinkKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.organization.OrganizationProvider;

/**
 * Moves a provisional account's contracts to a personal account: never a copy, and one transaction
 * (spec, rules 4 and 6). Both proofs, the provisional credentials and the owner's own password, are
 * the caller's to have asked for.
 */
public final class Merge {

  private final KeycloakSession session;
  private final RealmModel realm;

  public Merge(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * Merges, in a transaction of its own.
   *
   * @param proof the provisional credentials, proved by this visitor
   * @param personalId id of the personal account whose password was given
   * @param locale language of the mail that tells the owner
   * @return whether it was done; false when one of the two accounts has changed meanwhile
   */
  public boolean merge(ProvisionalProof proof, String personalId, String locale) {
    return inTransaction(
        proof.userId(),
        personalId,
        (own, locked) ->
            own.mergeLocked(
                locked,
                proof.userId(),
                personalId,
                locale,
                account -> Optional.of(proof).filter(given -> given.holds(own.session, account))));
  }

  /**
   * Merges what waits for its link, in a transaction of its own.
   *
   * @param key the link of the pending activation, which stands for the provisional credentials
   * @param personalId id of the personal account whose password was given
   * @param locale language of the mail that tells the owner
   * @return whether it was done; false when the link is no longer good
   */
  public boolean mergeByLink(LinkKey key, String personalId, String locale) {
    return inTransaction(
        key.userId(),
        personalId,
        (own, locked) ->
            own.mergeLocked(
                locked,
                key.userId(),
                personalId,
                locale,
                account ->
                    new Activation(own.session, own.realm)
                        .find(key)
                        .map(WaitingActivation::proof)));
  }

  private boolean inTransaction(
      String provisionalId, String personalId, BiPredicate<Merge, RowLock> merging) {
    return RowLock.inLockedTransaction(
        session,
        List.of(provisionalId, personalId),
        own -> merging.test(new Merge(own.session(), own.realm()), own));
  }

  private boolean mergeLocked(
      RowLock locked,
      String provisionalId,
      String personalId,
      String locale,
      Function<OwnerAccount, Optional<ProvisionalProof>> proofOf) {
    Optional<OwnerAccount> provisional = locked.get(provisionalId);
    Optional<ProvisionalProof> held = provisional.flatMap(proofOf);
    Optional<OwnerAccount> personal = locked.get(personalId).filter(Merge::canReceive);
    if (held.isEmpty() || personal.isEmpty()) {
      return false;
    }
    ProvisionalProof proof = held.get();
    Agency agency = Agency.findByAlias(session, proof.agencyAlias()).orElseThrow();
    String formerName = provisional.get().name();
    MergeRecord record =
        move(provisional.get(), personal.get(), new RealmSettings(realm).unmergeLifetime());
    personal.get().endPendingLinks();
    join(agency, personal.get().user());
    session.users().removeUser(realm, provisional.get().user());
    logMerge(record, personal.get(), agency, proof);
    MergeMails mails = new MergeMails(session, realm);
    mails.tellOwner(personal.get(), agency, record, locale);
    String suggested = proof.suggestedEmail();
    if (suggested != null && !suggested.equals(personal.get().user().getEmail())) {
      mails.tellSuggestedAddress(personal.get(), agency, proof, formerName, locale);
    }
    return true;
  }

  /** A merge needs a personal account whose email is verified (spec, rule 4). */
  static boolean canReceive(OwnerAccount account) {
    return account.isPersonal() && account.user().isEnabled() && account.user().isEmailVerified();
  }

  /**
   * Moves everything that stands under identifiers, and keeps what it was.
   *
   * @param undoable how long the merge can be undone
   */
  static MergeRecord move(OwnerAccount from, OwnerAccount to, Duration undoable) {
    MergeRecord record =
        new MergeRecord(
            KeycloakModelUtils.generateId(),
            Instant.now().getEpochSecond(),
            from.id(),
            from.identifiers(),
            from.contracts(),
            from.contacts());
    List<String> identifiers = new ArrayList<>(to.identifiers());
    identifiers.addAll(record.identifiers());
    to.setIdentifiers(identifiers);
    List<Contract> contracts = new ArrayList<>(to.contracts());
    contracts.addAll(record.contracts());
    to.setContracts(contracts);
    List<Contact> contacts = new ArrayList<>(to.contacts());
    contacts.addAll(record.contacts());
    to.setContacts(contacts);
    to.keepMerge(record, undoable);
    return record;
  }

  private void join(Agency agency, UserModel user) {
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    if (!organizations.isMember(agency.organization(), user)) {
      organizations.addMember(agency.organization(), user);
    }
  }

  /** Who, what and when, in the transaction of the merge itself; no secret (spec, rule 6). */
  private void logMerge(
      MergeRecord record, OwnerAccount personal, Agency agency, ProvisionalProof proof) {
    ClientModel client = session.getContext().getClient();
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.UPDATE_PROFILE)
        .client(client)
        .user(personal.user())
        .detail("action", "merge")
        .detail("merge_id", record.id())
        .detail("agency", agency.getCodes())
        .detail("identifier", proof.writtenIdentifier())
        .detail("contracts", Integer.toString(record.contracts().size()))
        .success();
  }
}
