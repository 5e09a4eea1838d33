package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The accounts that hold some identifiers, as Keycloak's model has them: for what is done to a few.
 * They are locked unless it is a dry run, so that a merge, an activation or a load at the same time
 * loses nothing.
 */
final class HeldIdentifiers {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Map<String, String> idByIdentifier;
  private final RowLock locked;

  private HeldIdentifiers(
      KeycloakSession session, RealmModel realm, List<Identifier> identifiers, boolean lock) {
    this.session = session;
    this.realm = realm;
    this.idByIdentifier = OwnerStore.holders(session, realm, identifiers);
    this.locked = lock ? RowLock.lock(session, realm, idByIdentifier.values()) : null;
  }

  /** Looks up without locking: for a dry run. */
  static HeldIdentifiers read(
      KeycloakSession session, RealmModel realm, List<Identifier> identifiers) {
    return new HeldIdentifiers(session, realm, identifiers, false);
  }

  /** Looks up, and locks what was found until the transaction ends. */
  static HeldIdentifiers lock(
      KeycloakSession session, RealmModel realm, List<Identifier> identifiers) {
    return new HeldIdentifiers(session, realm, identifiers, true);
  }

  /** The account that holds the identifier, if it has been loaded. */
  Optional<OwnerAccount> account(Identifier identifier) {
    String id = idByIdentifier.get(identifier.attributeValue());
    if (id == null) {
      return Optional.empty();
    }
    if (locked == null) {
      return Optional.ofNullable(session.users().getUserById(realm, id)).map(OwnerAccount::new);
    }
    return locked
        .get(id)
        .filter(account -> account.identifiers().contains(identifier.attributeValue()))
        .or(() -> movedMeanwhile(identifier));
  }

  /** Whether a user that no file loaded has the username that the identifier would get. */
  boolean isUsernameTaken(Identifier identifier) {
    return !OwnerStore.takenUsernames(session, realm, List.of(identifier)).isEmpty();
  }

  /** Between the look-up and the lock a merge moved the identifier to another account. */
  private Optional<OwnerAccount> movedMeanwhile(Identifier identifier) {
    String id =
        OwnerStore.holders(session, realm, List.of(identifier)).get(identifier.attributeValue());
    return id == null ? Optional.empty() : RowLock.lock(session, realm, List.of(id)).get(id);
  }
}
