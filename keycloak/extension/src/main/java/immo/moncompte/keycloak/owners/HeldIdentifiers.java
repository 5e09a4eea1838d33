package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Which accounts hold the identifiers of a batch: looked up with one query, and locked unless the
 * batch is a dry run, so that a merge, an activation or another batch at the same time loses
 * nothing.
 */
final class HeldIdentifiers {

  /**
   * The account of each identifier, or null. The realm is a question of its own about the account
   * that is found: asked together with the identifier, it might be answered first.
   */
  private static final String HOLDERS =
      "select asked.text, (select a.user_id from {user_attribute} a"
          + " where a.name = ? and a.value between asked.text and asked.text"
          + " and (select u.realm_id from {user_entity} u where u.id = a.user_id) = ?"
          + " order by a.value limit 1) from "
          + ManyRows.EACH;

  private static final String TAKEN =
      "select (select u.username from {user_entity} u where u.realm_id = ?"
          + " and u.username between asked.text and asked.text order by u.username limit 1) from "
          + ManyRows.EACH;

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Map<String, String> idByIdentifier;
  private final Set<String> usernames;
  private final RowLock locked;

  private HeldIdentifiers(
      KeycloakSession session, RealmModel realm, List<Identifier> identifiers, boolean lock) {
    this.session = session;
    this.realm = realm;
    this.idByIdentifier = ids(session, realm, identifiers);
    this.usernames = takenUsernames(session, realm, identifiers);
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
      return Optional.ofNullable(session.users().getUserById(realm, id)).map(OwnerAccount::of);
    }
    return locked
        .get(id)
        .filter(account -> account.identifiers().contains(identifier.attributeValue()))
        .or(() -> movedMeanwhile(identifier));
  }

  /** Whether a user that no file loaded has the username that the identifier would get. */
  boolean isUsernameTaken(Identifier identifier) {
    return usernames.contains(identifier.username());
  }

  /** Between the look-up and the lock a merge moved the identifier to another account. */
  private Optional<OwnerAccount> movedMeanwhile(Identifier identifier) {
    String id = ids(session, realm, List.of(identifier)).get(identifier.attributeValue());
    return id == null ? Optional.empty() : RowLock.lock(session, realm, List.of(id)).get(id);
  }

  /** Which accounts hold identifiers, by {@link Identifier#attributeValue()}; not locked. */
  static Map<String, String> ids(
      KeycloakSession session, RealmModel realm, Collection<Identifier> identifiers) {
    Map<String, String> ids = new HashMap<>();
    if (identifiers.isEmpty()) {
      return ids;
    }
    new ManyRows(entities(session))
        .read(
            HOLDERS,
            row -> ids.put(row.getString(1), row.getString(2)),
            OwnerAccount.IDENTIFIERS,
            realm.getId(),
            identifiers.stream().map(Identifier::attributeValue).toList());
    ids.values().removeIf(Objects::isNull);
    return ids;
  }

  /** Which of the usernames that identifiers would get are taken. */
  static Set<String> takenUsernames(
      KeycloakSession session, RealmModel realm, Collection<Identifier> identifiers) {
    if (identifiers.isEmpty()) {
      return Set.of();
    }
    Set<String> taken = new HashSet<>();
    new ManyRows(entities(session))
        .read(
            TAKEN,
            row -> taken.add(row.getString(1)),
            realm.getId(),
            identifiers.stream().map(Identifier::username).toList());
    taken.remove(null);
    return taken;
  }

  private static EntityManager entities(KeycloakSession session) {
    return session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }
}
