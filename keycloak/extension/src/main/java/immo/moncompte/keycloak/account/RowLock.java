package immo.moncompte.keycloak.account;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceUnitUtil;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.cache.UserCache;
import org.keycloak.models.jpa.entities.UserEntity;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.storage.UserStorageUtil;

/**
 * Accounts whose rows are locked until the transaction ends, read as they are now.
 *
 * <p>Whoever changes what several could change at once (contracts, contact details, the state of an
 * account) locks first: Keycloak writes an attribute as a whole, so that of two writers who both
 * read before, the second undoes the first. Rows are locked in the order of their ids, so that two
 * never wait for each other. What the user cache holds is dropped before reading: another node may
 * have changed it a moment ago.
 */
public final class RowLock {

  private final KeycloakSession session;
  private final Map<String, OwnerAccount> byId;

  private RowLock(KeycloakSession session, Map<String, OwnerAccount> byId) {
    this.session = session;
    this.byId = byId;
  }

  /**
   * Does work in a transaction of its own that first locks accounts. The transaction has been
   * committed when this returns, and undone when the work throws.
   *
   * @param ids ids of the accounts; empty when the work itself finds out which ones it locks
   * @param work gets the locked accounts, with the session and realm of the transaction
   */
  public static <T> T inLockedTransaction(
      KeycloakSession session, Collection<String> ids, Function<RowLock, T> work) {
    return KeycloakModelUtils.runJobInTransactionWithResult(
        session.getKeycloakSessionFactory(),
        session.getContext(),
        own -> work.apply(lock(own, own.getContext().getRealm(), ids)),
        "moncompte");
  }

  /** The same for work that gives nothing back. */
  public static void changeLocked(
      KeycloakSession session, Collection<String> ids, Consumer<RowLock> work) {
    inLockedTransaction(
        session,
        ids,
        own -> {
          work.accept(own);
          return null;
        });
  }

  /** Locks the accounts of these ids; those that are gone are left out. */
  public static RowLock lock(KeycloakSession session, RealmModel realm, Collection<String> ids) {
    EntityManager entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    entities.flush();
    List<String> present =
        ids.stream().distinct().sorted().filter(id -> locked(entities, id)).toList();
    return new RowLock(
        session,
        present.stream()
            .map(id -> fresh(session, realm, id))
            .flatMap(Optional::stream)
            .collect(Collectors.toMap(OwnerAccount::id, Function.identity())));
  }

  /**
   * Locks the row. What this transaction read before it waited for the lock is forgotten: Hibernate
   * would give it back as it was then, without what others committed meanwhile.
   */
  private static boolean locked(EntityManager entities, String id) {
    UserEntity user = entities.find(UserEntity.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (user == null) {
      return false;
    }
    PersistenceUnitUtil read = entities.getEntityManagerFactory().getPersistenceUnitUtil();
    Map.<String, Supplier<Collection<?>>>of(
            "attributes", user::getAttributes,
            "credentials", user::getCredentials,
            "requiredActions", user::getRequiredActions)
        .forEach(
            (name, rows) -> {
              if (read.isLoaded(user, name)) {
                rows.get().forEach(entities::detach);
              }
            });
    entities.refresh(user);
    return true;
  }

  /** The session whose transaction holds the locks. */
  public KeycloakSession session() {
    return session;
  }

  public RealmModel realm() {
    return session.getContext().getRealm();
  }

  public Optional<OwnerAccount> get(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** An account as it is now, for the session of a request that had another one change it. */
  public static OwnerAccount reread(KeycloakSession session, RealmModel realm, String id) {
    return fresh(session, realm, id).orElseThrow();
  }

  private static Optional<OwnerAccount> fresh(
      KeycloakSession session, RealmModel realm, String id) {
    UserModel cached = session.users().getUserById(realm, id);
    UserCache cache = UserStorageUtil.userCache(session);
    if (cached == null || cache == null) {
      return Optional.ofNullable(cached).map(OwnerAccount::new);
    }
    cache.evict(realm, cached);
    return Optional.ofNullable(session.users().getUserById(realm, id)).map(OwnerAccount::new);
  }
}
