package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/**
 * An activation whose link is good.
 *
 * @param account the provisional account
 * @param pending what waits on it
 * @param agency its agency, which is enabled
 * @param writtenIdentifier the identifier as the agency writes it
 */
public record WaitingActivation(
    OwnerAccount account, PendingActivation pending, Agency agency, String writtenIdentifier) {

  /** The provisional credentials that were proved when the activation was asked for. */
  public ProvisionalProof proof() {
    return new ProvisionalProof(
        account.id(),
        agency.getAlias(),
        writtenIdentifier,
        account.credential(OwnerAccount.PROVISIONAL_PASSWORD).orElseThrow().getId(),
        account.suggestedEmail());
  }

  static Optional<WaitingActivation> of(
      KeycloakSession session, OwnerAccount account, PendingActivation pending, Contact contact) {
    return agencyOf(session, contact)
        .map(agency -> new WaitingActivation(account, pending, agency, contact.identifier()));
  }

  /** The agency that holds these contact details, unless it is switched off. */
  static Optional<Agency> agencyOf(KeycloakSession session, Contact contact) {
    String[] codes = contact.agency().split("/");
    return AgencyCodes.parse(codes[0], codes[1]).flatMap(parsed -> Agency.find(session, parsed));
  }
}
