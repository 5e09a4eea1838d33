package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.activation.PendingActivation;
import immo.moncompte.keycloak.activation.ProvisionalProof;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.Links;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * (specification, rules 4 and 6). Both proofs, the provisional credentials and the owner's own
 * password, are the caller's to have asked for.
 */
public record Merge(KeycloakSession session, RealmModel realm) {

  /**
   * Merges, in a transaction of its own.
   *
   * @param proof the provisional credentials, proved by this visitor
   * @param personalId id of the personal account whose password was given
   * @param locale language of the mail that tells the owner
   * @return whether it was done; false when one of the two accounts has changed meanwhile
   */
  public boolean merge(ProvisionalProof proof, String personalId, String locale) {
    return RowLock.inLockedTransaction(
            session,
            List.of(proof.userId(), personalId),
            own ->
                new Merge(own.session(), own.realm()).mergeLocked(own, proof, personalId, locale))
        .isPresent();
  }

  /**
   * Merges what waits for its link, in a transaction of its own.
   *
   * @param key the link of the pending activation, which stands for the provisional credentials
   * @param personalId id of the personal account whose password was given
   * @param locale language of the mail that tells the owner
   * @return whether it was done; false when the link is not valid any more
   */
  public boolean mergeByLink(LinkKey key, String personalId, String locale) {
    return new Links(session, realm)
        .use(
            MailLink.Kind.ACTIVATION,
            key,
            List.of(personalId),
            (own, found) ->
                PendingActivation.of(own.session(), found)
                    .map(PendingActivation::proof)
                    .flatMap(
                        proof ->
                            new Merge(own.session(), own.realm())
                                .mergeLocked(own, proof, personalId, locale)))
        .isPresent();
  }

  /** The record of the merge; empty when one of the two accounts has changed meanwhile. */
  private Optional<MergeRecord> mergeLocked(
      RowLock locked, ProvisionalProof proof, String personalId, String locale) {
    Optional<OwnerAccount> provisional =
        locked.get(proof.userId()).filter(account -> proof.holds(session, account));
    Optional<OwnerAccount> personal = locked.get(personalId).filter(Merge::canReceive);
    if (provisional.isEmpty() || personal.isEmpty()) {
      return Optional.empty();
    }
    Agency agency = Agency.findByAlias(session, proof.agencyAlias()).orElseThrow();
    String formerName = provisional.get().name();
    MergeRecord record =
        move(provisional.get(), personal.get(), RealmSettings.unmergeLifetime(realm));
    personal.get().links().end();
    join(agency, personal.get().user());
    session.users().removeUser(realm, provisional.get().user());
    logMerge(record, personal.get(), agency, proof);
    MergeMails mails = new MergeMails(session, realm);
    mails.tellOwner(personal.get(), agency, record, locale);
    String suggested = proof.suggestedEmail();
    if (suggested != null && !suggested.equals(personal.get().user().getEmail())) {
      mails.tellSuggestedAddress(personal.get(), agency, proof, formerName, locale);
    }
    return Optional.of(record);
  }

  /** A merge needs a personal account whose email is verified (specification, rule 4). */
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
    record.keepOn(to, undoable);
    return record;
  }

  private void join(Agency agency, UserModel user) {
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    if (!organizations.isMember(agency.organization(), user)) {
      organizations.addMember(agency.organization(), user);
    }
  }

  /**
   * Who, what and when, in the transaction of the merge itself; no secret (specification, rule 6).
   */
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
