package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.ReleaseRequest;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The no of whoever reads the mailbox of a personal account to an agency that wants an identifier
 * back from it.
 *
 * @param account the account
 * @param asked what the agency has asked for
 * @param agency the agency
 */
public record ReleaseRefusal(OwnerAccount account, ReleaseRequest asked, Agency agency) {

  /** What the link is about, as long as there is something to say no to. */
  public static Optional<ReleaseRefusal> find(
      KeycloakSession session, RealmModel realm, LinkKey key) {
    return Optional.ofNullable(session.users().getUserById(realm, key.userId()))
        .map(OwnerAccount::of)
        .flatMap(account -> find(session, account, key));
  }

  private static Optional<ReleaseRefusal> find(
      KeycloakSession session, OwnerAccount account, LinkKey key) {
    Instant now = Instant.now();
    return account.releases().stream()
        .filter(asked -> LinkSecret.matches(key.secret(), asked.linkHash()))
        .filter(asked -> !asked.wasRefused() && !asked.isForgotten(now))
        .findFirst()
        .flatMap(
            asked ->
                AgencyCodes.ofAlias(asked.agency().replace('/', '-'))
                    .flatMap(codes -> Agency.find(session, codes))
                    .map(agency -> new ReleaseRefusal(account, asked, agency)));
  }

  /** The contracts that would leave the account. */
  public List<Contract> contracts() {
    Identifier identifier = new Identifier(agency.getAlias(), asked.identifier());
    return account.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
  }

  /** Says no, in a transaction of its own; false when there is nothing to say no to any more. */
  public static boolean refuse(KeycloakSession session, LinkKey key) {
    return RowLock.inLockedTransaction(
        session, List.of(key.userId()), own -> refuseLocked(own, key));
  }

  private static boolean refuseLocked(RowLock own, LinkKey key) {
    Optional<ReleaseRefusal> found =
        own.get(key.userId()).flatMap(account -> find(own.session(), account, key));
    found.ifPresent(refusal -> refusal.keep(own.session(), own.realm()));
    return found.isPresent();
  }

  private void keep(KeycloakSession own, RealmModel realm) {
    Instant now = Instant.now();
    account.setReleases(
        account.releases().stream()
            .map(one -> one.linkHash().equals(asked.linkHash()) ? one.withRefusal(now) : one)
            .toList());
    new EventBuilder(realm, own, own.getContext().getConnection())
        .event(EventType.UPDATE_PROFILE)
        .user(account.user())
        .detail("action", "release-refused")
        .detail("agency", agency.getCodes())
        .detail("identifier", asked.identifier())
        .success();
  }
}
