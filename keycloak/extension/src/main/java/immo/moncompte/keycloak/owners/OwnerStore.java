package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.IdentifierKeys;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.ManyRows.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.cache.UserCache;
import org.keycloak.models.jpa.JpaUserCredentialStore;
import org.keycloak.organization.OrganizationProvider;
import org.keycloak.representations.idm.MembershipType;
import org.keycloak.storage.UserStorageUtil;
import org.keycloak.storage.jpa.JpaHashUtils;

/**
 * The rows of an agency's owners in Keycloak's tables, read and written many at a time. Only this
 * class writes the tables. Keycloak's model takes some forty statements for an owner; this takes a
 * few for a batch.
 *
 * <p>The rows are what Keycloak's own model writes, column by column; a test compares them. No
 * event tells Keycloak of these users, so workflows must go by time.
 */
final class OwnerStore {

  private static final Table USERS =
      new Table(
          "user_entity",
          "id varchar, realm_id varchar, username varchar, first_name varchar, last_name varchar,"
              + " email_constraint varchar, email_verified boolean, enabled boolean,"
              + " created_timestamp bigint, last_modified_timestamp bigint, not_before bigint");

  private static final Table ATTRIBUTES =
      new Table(
          "user_attribute",
          "id varchar, user_id varchar, name varchar, value varchar, long_value varchar,"
              + " long_value_hash bytea, long_value_hash_lower_case bytea");

  private static final Table ACTIONS =
      new Table("user_required_action", "user_id varchar, required_action varchar");

  private static final Table CREDENTIALS =
      new Table(
          "credential",
          "id varchar, user_id varchar, type varchar, user_label varchar, created_date bigint,"
              + " secret_data varchar, credential_data varchar, priority bigint, version bigint");

  private static final Table ROLES =
      new Table("user_role_mapping", "user_id varchar, role_id varchar");

  private static final Table MEMBERSHIPS =
      new Table(
          "user_group_membership", "user_id varchar, group_id varchar, membership_type varchar");

  /** The longest value of an attribute's first column; longer ones are hashed beside it. */
  private static final int MAX_VALUE = 255;

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Agency agency;
  private final ManyRows rows;
  private final TimeOrderedIds ids = new TimeOrderedIds();

  OwnerStore(AgencyRequest request) {
    this.session = request.session();
    this.realm = request.realm();
    this.agency = request.agency();
    this.rows = ManyRows.of(session);
  }

  // ------------------------------------------------------------ reading

  /**
   * The ids of the accounts that hold identifiers: those so written, or else the only one of the
   * same bare form (specification, rule 15).
   */
  Map<Identifier, String> holders(Collection<Identifier> typed) {
    Map<String, Set<String>> written =
        holders(
            OwnerAccount.IDENTIFIERS,
            typed.stream()
                .flatMap(one -> Stream.of(one.attributeValue(), one.bareValue()))
                .distinct()
                .toList());
    Map<String, Set<String>> alike =
        holders(
            IdentifierKeys.ATTRIBUTE,
            typed.stream()
                .filter(one -> !written.containsKey(one.attributeValue()))
                .map(Identifier::bareValue)
                .toList());
    Map<Identifier, String> holders = new HashMap<>();
    for (Identifier one : typed) {
      Set<String> found = written.get(one.attributeValue());
      if (found == null) {
        found = new HashSet<>(written.getOrDefault(one.bareValue(), Set.of()));
        found.addAll(alike.getOrDefault(one.bareValue(), Set.of()));
      }
      if (found.size() == 1) {
        holders.put(one, found.iterator().next());
      }
    }
    return holders;
  }

  /**
   * The ids of this realm's accounts by the values of an attribute.
   *
   * <p>Two questions, not a join: without fresh statistics PostgreSQL would begin with all users of
   * the realm.
   */
  private Map<String, Set<String>> holders(String attribute, Collection<String> values) {
    Map<String, List<String>> found = new HashMap<>();
    rows.read(
        "select user_id, value from {user_attribute} where name = ? and value = any(?)",
        row ->
            found.computeIfAbsent(row.getString(1), id -> new ArrayList<>()).add(row.getString(2)),
        attribute,
        values);
    Map<String, Set<String>> holders = new HashMap<>();
    rows.read(
        "select id, realm_id from {user_entity} where id = any(?)",
        row -> {
          String id = row.getString(1);
          if (realm.getId().equals(row.getString(2))) {
            found
                .get(id)
                .forEach(value -> holders.computeIfAbsent(value, one -> new HashSet<>()).add(id));
          }
        },
        found.keySet());
    return holders;
  }

  /** Which of the usernames that identifiers would get are taken. */
  Set<String> takenUsernames(Collection<Identifier> identifiers) {
    Set<String> taken = new HashSet<>();
    rows.read(
        "select username from {user_entity} where realm_id = ? and username = any(?)",
        row -> taken.add(row.getString(1)),
        realm.getId(),
        identifiers.stream().map(Identifier::username).toList());
    return taken;
  }

  /**
   * The accounts that hold identifiers, as {@link #holders} finds them.
   *
   * @param lock whether they are locked until the transaction ends, in the order of their ids: two
   *     batches never wait for each other
   */
  Map<Identifier, StoredUser> find(Collection<Identifier> identifiers, boolean lock) {
    Map<String, StoredUser> byId = new HashMap<>();
    Map<Identifier, StoredUser> found = new HashMap<>();
    Collection<Identifier> wanted = identifiers;
    // Twice: a merge may have moved an identifier while this waited for the lock.
    for (int attempt = 0; attempt < 2 && !wanted.isEmpty(); attempt++) {
      Map<Identifier, String> holders = holders(wanted);
      Set<String> unread = new HashSet<>(holders.values());
      unread.removeAll(byId.keySet());
      byId.putAll(read(unread, lock));
      holders.forEach(
          (identifier, id) -> {
            StoredUser user = byId.get(id);
            if (user != null && new IdentifierKeys(user.account()).meant(identifier).isPresent()) {
              found.put(identifier, user);
            }
          });
      wanted =
          wanted.stream()
              .filter(one -> holders.containsKey(one) && !found.containsKey(one))
              .toList();
    }
    return found;
  }

  private Map<String, StoredUser> read(Collection<String> userIds, boolean lock) {
    Map<String, StoredUser> users = new HashMap<>();
    rows.read(
        "select id, username, first_name, last_name, email, enabled from {user_entity}"
            + " where id = any(?)"
            + (lock ? " order by id for update" : ""),
        row -> {
          StoredUser user = new StoredUser(session, realm, row.getString(1));
          user.setUsername(row.getString(2));
          user.readNames(row.getString(3), row.getString(4));
          user.setEmail(row.getString(5));
          user.setEnabled(row.getBoolean(6));
          users.put(user.getId(), user);
        },
        userIds);
    rows.read(
        "select id, user_id, name, coalesce(value, long_value) from {user_attribute}"
            + " where user_id = any(?)",
        row ->
            users
                .get(row.getString(2))
                .readAttribute(row.getString(1), row.getString(3), row.getString(4)),
        users.keySet());
    if (lock) { // only who changes an account needs its credentials
      readCredentials(users);
    }
    rows.read(
        "select user_id from {user_group_membership} where group_id = ? and user_id = any(?)",
        row -> users.get(row.getString(1)).readMembership(),
        organizationGroup(),
        users.keySet());
    return users;
  }

  private void readCredentials(Map<String, StoredUser> users) {
    rows.read(
        "select id, user_id, type, secret_data, credential_data from {credential}"
            + " where user_id = any(?)",
        row -> {
          CredentialModel credential = new CredentialModel();
          credential.setId(row.getString(1));
          credential.setType(row.getString(3));
          credential.setSecretData(row.getString(4));
          credential.setCredentialData(row.getString(5));
          users.get(row.getString(2)).readCredential(credential);
        },
        users.keySet());
  }

  // ------------------------------------------------------------ inserting

  /** A user to be filled in and inserted. */
  StoredUser newUser(String username) {
    StoredUser user = new StoredUser(session, realm, ids.next());
    user.setUsername(username);
    return user;
  }

  /**
   * Inserts new users with the realm's default roles and groups, in the order of their names: two
   * batches with the same new users wait, and not each for the other.
   *
   * @throws org.keycloak.models.ModelDuplicateException a user of that name appeared meanwhile
   */
  void insert(List<StoredUser> users) {
    if (users.isEmpty()) {
      return;
    }
    List<StoredUser> sorted =
        users.stream().sorted(Comparator.comparing(UserModel::getUsername)).toList();
    String defaultRole = realm.getDefaultRole().getId();
    rows.insert(USERS, sorted.stream().map(this::userRow).toList());
    rows.insert(
        ATTRIBUTES,
        sorted.stream()
            .flatMap(user -> attributeRows(user, user.attributeNames()).stream())
            .toList());
    rows.insert(
        ACTIONS,
        sorted.stream()
            .flatMap(
                user ->
                    user.getRequiredActionsStream()
                        .map(action -> new Object[] {user.getId(), action}))
            .toList());
    rows.insert(CREDENTIALS, credentialRows(sorted, Map.of()));
    rows.insert(
        ROLES, sorted.stream().map(user -> new Object[] {user.getId(), defaultRole}).toList());
    rows.insert(MEMBERSHIPS, membershipRows(sorted));
  }

  private Object[] userRow(StoredUser user) {
    long now = Time.currentTimeMillis();
    return new Object[] {
      user.getId(),
      realm.getId(),
      user.getUsername(),
      user.getFirstName(),
      user.getLastName(),
      ids.next(),
      false,
      true,
      now,
      now,
      0L
    };
  }

  private List<Object[]> attributeRows(StoredUser user, Set<String> names) {
    List<Object[]> found = new ArrayList<>();
    for (String name : names) {
      user.attributeValues(name).forEach(value -> found.add(attributeRow(user, name, value)));
    }
    return found;
  }

  private Object[] attributeRow(StoredUser user, String name, String value) {
    if (value.length() <= MAX_VALUE) {
      return new Object[] {ids.next(), user.getId(), name, value, null, null, null};
    }
    byte[] hash = JpaHashUtils.hashForAttributeValue(value);
    byte[] lowerCaseHash = JpaHashUtils.hashForAttributeValueLowerCase(value);
    return new Object[] {ids.next(), user.getId(), name, null, value, hash, lowerCaseHash};
  }

  /**
   * @param lastPriorities of users who have other credentials, the last one's
   */
  private List<Object[]> credentialRows(
      List<StoredUser> users, Map<String, Integer> lastPriorities) {
    List<Object[]> found = new ArrayList<>();
    for (StoredUser user : users) {
      int priority = lastPriorities.getOrDefault(user.getId(), 0);
      for (CredentialModel credential : user.newCredentials()) {
        priority += JpaUserCredentialStore.PRIORITY_DIFFERENCE;
        found.add(
            new Object[] {
              ids.next(),
              user.getId(),
              credential.getType(),
              credential.getUserLabel(),
              credential.getCreatedDate(),
              credential.getSecretData(),
              credential.getCredentialData(),
              (long) priority,
              0L
            });
      }
    }
    return found;
  }

  /** Unmanaged: Keycloak deletes a managed member who leaves the organization. */
  private List<Object[]> membershipRows(List<StoredUser> users) {
    String unmanaged = MembershipType.UNMANAGED.name();
    String organization = organizationGroup();
    List<String> defaults = realm.getDefaultGroupsStream().map(GroupModel::getId).toList();
    List<Object[]> found = new ArrayList<>();
    for (StoredUser user : users) {
      if (user.isMember()) {
        found.add(new Object[] {user.getId(), organization, unmanaged});
      }
      defaults.forEach(group -> found.add(new Object[] {user.getId(), group, unmanaged}));
    }
    return found;
  }

  // ------------------------------------------------------------ updating

  /**
   * Writes what has changed of users that {@link #find} locked. When the transaction has committed,
   * the user caches of all nodes forget them.
   */
  void update(Collection<StoredUser> users) {
    List<StoredUser> changed = users.stream().filter(StoredUser::hasChanged).toList();
    if (changed.isEmpty()) {
      return;
    }
    writeNames(changed);
    writeAttributes(changed);
    writeCredentials(changed);
    changed.stream().filter(StoredUser::hasJoined).forEach(this::join);
    UserCache cache = UserStorageUtil.userCache(session);
    if (cache != null) {
      changed.forEach(user -> cache.evict(realm, user));
    }
  }

  private void writeNames(List<StoredUser> changed) {
    rows.writeEach(
        "update {user_entity} set first_name = ?, last_name = ? where id = ?",
        changed.stream()
            .filter(StoredUser::isRenamed)
            .map(user -> Arrays.asList(user.getFirstName(), user.getLastName(), user.getId()))
            .toList());
  }

  private void writeAttributes(List<StoredUser> changed) {
    List<String> old = new ArrayList<>();
    List<Object[]> present = new ArrayList<>();
    for (StoredUser user : changed) {
      Set<String> names = user.changedAttributes();
      names.forEach(name -> old.addAll(user.attributeIds(name)));
      present.addAll(attributeRows(user, names));
    }
    rows.delete("user_attribute", old);
    rows.insert(ATTRIBUTES, present);
  }

  private void writeCredentials(List<StoredUser> changed) {
    rows.delete(
        "credential",
        changed.stream().flatMap(user -> user.removedCredentials().stream()).toList());
    List<StoredUser> receiving =
        changed.stream().filter(user -> !user.newCredentials().isEmpty()).toList();
    rows.insert(CREDENTIALS, credentialRows(receiving, lastPriorities(receiving)));
  }

  private Map<String, Integer> lastPriorities(List<StoredUser> users) {
    Map<String, Integer> priorities = new HashMap<>();
    rows.read(
        "select user_id, max(priority) from {credential} where user_id = any(?) group by user_id",
        row -> priorities.put(row.getString(1), row.getInt(2)),
        users.stream().map(StoredUser::getId).toList());
    return priorities;
  }

  /** Through Keycloak's model, which tells its caches of organizations; it happens seldom. */
  private void join(StoredUser user) {
    session
        .getProvider(OrganizationProvider.class)
        .addMember(agency.organization(), session.users().getUserById(realm, user.getId()));
  }

  /** The id of the group of the organization's members, which Keycloak's model keeps to itself. */
  String organizationGroup() {
    return session
        .getProvider(JpaConnectionProvider.class)
        .getEntityManager()
        .createQuery("select o.groupId from OrganizationEntity o where o.id = :id", String.class)
        .setParameter("id", agency.organization().getId())
        .getSingleResult();
  }
}
