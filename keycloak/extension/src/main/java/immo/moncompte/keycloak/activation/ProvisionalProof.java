package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Proof that this visitor typed the provisional credentials, kept in the authentication session. It
 * is valid as long as they are: a reissue, disabling, expiry, the end of the last contract or a new
 * address in the agency's file end it (specification, rule 3).
 *
 * @param userId the provisional account
 * @param agencyAlias alias of its agency
 * @param writtenIdentifier the identifier as the agency writes it
 * @param credentialId the stored credential that was proved
 * @param suggestedEmail the address the agency suggested then, or null
 */
public record ProvisionalProof(
    String userId,
    String agencyAlias,
    String writtenIdentifier,
    String credentialId,
    String suggestedEmail) {

  public static ProvisionalProof of(
      OwnerAccount account, Identifier identifier, CredentialModel credential) {
    return new ProvisionalProof(
        account.id(),
        identifier.agencyAlias(),
        writtenByAgency(account, identifier),
        credential.getId(),
        account.suggestedEmail());
  }

  private static String writtenByAgency(OwnerAccount account, Identifier identifier) {
    return account.contacts().stream()
        .findFirst()
        .map(Contact::identifier)
        .orElse(identifier.written());
  }

  public static ProvisionalProof read(String json) {
    return json == null ? null : Json.read(json, ProvisionalProof.class);
  }

  /** The account, while the proof is valid. */
  public Optional<OwnerAccount> account(KeycloakSession session, RealmModel realm) {
    UserModel user = session.users().getUserById(realm, userId);
    return Optional.ofNullable(user)
        .map(OwnerAccount::of)
        .filter(account -> holds(session, account));
  }

  /** Whether it is still valid for the account as it is now. */
  public boolean holds(KeycloakSession session, OwnerAccount account) {
    return Agency.findByAlias(session, agencyAlias).isPresent()
        && !account.isPersonal()
        && account.user().isEnabled()
        && !account.isExpired(Instant.now())
        && !account.contracts().isEmpty()
        && Objects.equals(account.suggestedEmail(), suggestedEmail)
        && account
            .credential(OwnerAccount.PROVISIONAL_PASSWORD)
            .filter(credential -> credential.getId().equals(credentialId))
            .isPresent();
  }
}
