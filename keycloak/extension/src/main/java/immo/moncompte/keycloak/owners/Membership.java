package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.token.EntitledSessions;
import org.keycloak.models.KeycloakSession;
import org.keycloak.organization.OrganizationProvider;

/**
 * Membership of an agency's organization ends with the last contract there, and with it what
 * applications of that agency have open (specification, rule 10).
 */
final class Membership {

  private Membership() {}

  /** Ends the membership, unless a contract at the agency is left. */
  static void endWithLastContract(KeycloakSession session, Agency agency, OwnerAccount account) {
    boolean contractLeft =
        account.contracts().stream()
            .anyMatch(contract -> contract.agency().equalsIgnoreCase(agency.getCodes()));
    if (contractLeft) {
      return;
    }
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    // Keycloak deletes a managed member that it removes; ours never are, unless by other hands.
    if (!organizations.isManagedMember(agency.organization(), account.user())) {
      organizations.removeMember(agency.organization(), account.user());
    }
    if (account.isPersonal()) {
      EntitledSessions.endWhereNothingIsLeft(session, account);
    }
  }
}
