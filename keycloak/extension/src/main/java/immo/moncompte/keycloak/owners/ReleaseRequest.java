package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agency's request to release an identifier of a personal account. It is the link of the mail by
 * which its owner can refuse, and stays on the account until it is carried out or too old.
 */
record ReleaseRequest(MailLink link) {

  private static final String AGENCY = "agency";
  private static final String IDENTIFIER = "identifier";
  private static final String DUE = "due";
  private static final String REFUSED = "refused";

  /** A request whose mail has not been sent yet. */
  static MailLink asked(Agency agency, Identifier identifier, Instant due) {
    return MailLink.asked(
        MailLink.Kind.RELEASE,
        null,
        null,
        Map.of(
            MailLink.TARGET,
            identifier.attributeValue(),
            AGENCY,
            agency.getAlias(),
            IDENTIFIER,
            identifier.written(),
            DUE,
            Long.toString(due.getEpochSecond())));
  }

  /** What was asked about an identifier and is not too old; the owner may have refused. */
  static Optional<ReleaseRequest> of(OwnerAccount account, Identifier identifier, Instant now) {
    return account.links().all().stream()
        .filter(link -> link.kind() == MailLink.Kind.RELEASE && link.isAbout(identifier))
        .filter(link -> !link.isExpired(now))
        .map(ReleaseRequest::new)
        .findFirst();
  }

  /** Forgets what was asked about an identifier. */
  static void forget(OwnerAccount account, Identifier identifier) {
    account
        .links()
        .set(
            account.links().all().stream()
                .filter(link -> link.kind() != MailLink.Kind.RELEASE || !link.isAbout(identifier))
                .toList());
  }

  String agencyAlias() {
    return link.get(AGENCY);
  }

  /** The identifier, as the agency writes it. */
  String identifier() {
    return link.get(IDENTIFIER);
  }

  /** The contracts that would leave the account. */
  List<Contract> contracts(OwnerAccount account) {
    Identifier identifier = new Identifier(agencyAlias(), identifier());
    return account.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
  }

  Instant asked() {
    return Instant.ofEpochSecond(link.sentAt());
  }

  /** From when on it can be carried out. */
  Instant due() {
    return Instant.ofEpochSecond(Long.parseLong(link.get(DUE)));
  }

  boolean isDue(Instant now) {
    return !now.isBefore(due());
  }

  /** When the owner refused, or null. */
  Instant refused() {
    return wasRefused() ? Instant.ofEpochSecond(Long.parseLong(link.get(REFUSED))) : null;
  }

  boolean wasRefused() {
    return link.get(REFUSED) != null;
  }

  /** Keeps on a locked account that its owner refuses. */
  void refuse(OwnerAccount account, Instant now) {
    MailLink refused = link.with(REFUSED, Long.toString(now.getEpochSecond()));
    account
        .links()
        .set(account.links().all().stream().map(one -> one.equals(link) ? refused : one).toList());
  }
}
