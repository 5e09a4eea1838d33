package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Links.Found;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/**
 * A pending activation with what its pages and mails show. The caller has checked the link or has
 * just made it.
 *
 * @param account the provisional account
 * @param link the link of the mail
 * @param agency the agency of the account; it is enabled
 * @param writtenIdentifier the identifier as the agency writes it
 */
public record PendingActivation(
    OwnerAccount account, MailLink link, Agency agency, String writtenIdentifier) {

  /** The activation of a link. Empty if the agency is disabled, or no longer allows this kind. */
  public static Optional<PendingActivation> of(KeycloakSession session, Found found) {
    return of(session, found.account(), found.link());
  }

  static Optional<PendingActivation> of(
      KeycloakSession session, OwnerAccount account, MailLink link) {
    Optional<Contact> contact = account.contacts().stream().findFirst();
    return contact
        .flatMap(known -> AgencyCodes.parse(known.agency()))
        .flatMap(codes -> Agency.find(session, codes))
        // Asked again here, because an agency may end activation by mail after the mail has left.
        .filter(
            agency -> link.kind() != MailLink.Kind.ACTIVATION_BY_MAIL || agency.activatesByMail())
        .map(agency -> new PendingActivation(account, link, agency, contact.get().identifier()));
  }

  /** The address that the activation gives to the account, lower case. */
  public String email() {
    return link.get(MailLink.TARGET);
  }

  /** The provisional credentials that were proved when the activation was asked for. */
  public ProvisionalProof proof() {
    return new ProvisionalProof(
        account.id(), agency.getAlias(), writtenIdentifier, account.suggestedEmail(), link.stamp());
  }
}
