package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Links;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Proof that this visitor typed the provisional credentials, kept in the authentication session. It
 * ends with an activation, a merge, a reissue, disabling, expiry, the end of the last contract, or
 * a new address in the agency's file (specification, rule 3).
 *
 * @param userId the provisional account
 * @param agencyAlias alias of its agency
 * @param writtenIdentifier the identifier as the agency writes it
 * @param suggestedEmail the address the agency suggested then, or null
 * @param stamp the {@link Links#stamp} of the account then
 */
public record ProvisionalProof(
    String userId,
    String agencyAlias,
    String writtenIdentifier,
    String suggestedEmail,
    String stamp) {

  public static ProvisionalProof of(
      KeycloakSession session, OwnerAccount account, Identifier identifier) {
    return new ProvisionalProof(
        account.id(),
        identifier.agencyAlias(),
        writtenByAgency(account, identifier),
        account.suggestedEmail(),
        stamp(session, account));
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
        .map(OwnerAccount::new)
        .filter(account -> holds(session, account));
  }

  /** Whether the proof is still valid for the account as it is now. */
  public boolean holds(KeycloakSession session, OwnerAccount account) {
    return Agency.findByAlias(session, agencyAlias).isPresent()
        && account.canBeActivated(Instant.now())
        && Objects.equals(stamp, stamp(session, account));
  }

  private static String stamp(KeycloakSession session, OwnerAccount account) {
    return new Links(session, session.getContext().getRealm()).stamp(account);
  }
}
