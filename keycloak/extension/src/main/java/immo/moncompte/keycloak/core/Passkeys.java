package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;

/** The passkeys of an account, which are Keycloak's passwordless WebAuthn credentials. */
public record Passkeys(UserModel user) {

  /** Keycloak's type of the credentials. */
  public static final String TYPE = WebAuthnCredentialModel.TYPE_PASSWORDLESS;

  /**
   * A passkey as pages show it.
   *
   * @param id the credential's id
   * @param label the name its owner gave it: typed text
   * @param addedAt when it was added
   */
  public record Passkey(String id, String label, Instant addedAt) {}

  /** Whether the realm offers passkeys. */
  public static boolean areOffered(RealmModel realm) {
    return Boolean.TRUE.equals(realm.getWebAuthnPolicyPasswordless().isPasskeysEnabled());
  }

  /** The passkeys, the oldest first. */
  public List<Passkey> list() {
    return user.credentialManager()
        .getStoredCredentialsByTypeStream(TYPE)
        .sorted(Comparator.comparing(CredentialModel::getCreatedDate))
        .map(Passkeys::passkey)
        .toList();
  }

  private static Passkey passkey(CredentialModel credential) {
    String label = credential.getUserLabel() == null ? "" : credential.getUserLabel();
    return new Passkey(
        credential.getId(), label, Instant.ofEpochMilli(credential.getCreatedDate()));
  }

  /**
   * Removes a passkey of this account, and tells the owner by mail.
   *
   * @param id the credential's id; no other credential can be removed by it
   * @return whether there was such a passkey
   */
  public boolean remove(KeycloakSession session, RealmModel realm, String id) {
    boolean known = list().stream().anyMatch(passkey -> passkey.id().equals(id));
    if (!known) {
      return false;
    }
    user.credentialManager().removeStoredCredentialById(id);
    OwnerAccount account = new OwnerAccount(user);
    new OwnerMail(session, "passkey-removed", account)
        .with("ownerName", account.name())
        .queue(session);
    return true;
  }

  /**
   * Tells the owner that a passkey was added, with a link to dispute it. The account must be
   * locked.
   */
  public static void tellAdded(
      KeycloakSession session, RealmModel realm, OwnerAccount account, String label) {
    new OwnerMail(session, "passkey-added", account)
        .with("ownerName", account.name())
        .with("passkeyLabel", label)
        .with("disputeLink", new Disputes(session, realm).open(account, Reason.PASSKEY_ADDED))
        .queue(session);
  }
}
