package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.ManyRows.Table;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hibernate.Session;
import org.hibernate.StatelessSession;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.connections.jpa.support.EntityManagerProxy;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.jpa.JpaUserCredentialStore;
import org.keycloak.models.jpa.entities.CredentialEntity;
import org.keycloak.models.jpa.entities.UserAttributeEntity;
import org.keycloak.models.jpa.entities.UserEntity;
import org.keycloak.models.jpa.entities.UserGroupMembershipEntity;
import org.keycloak.models.jpa.entities.UserRequiredActionEntity;
import org.keycloak.models.jpa.entities.UserRoleMappingEntity;
import org.keycloak.representations.idm.MembershipType;
import org.keycloak.storage.adapter.InMemoryUserAdapter;

/**
 * Owners as Keycloak keeps them: the one class that knows its tables. Keycloak's own way, a user at
 * a time through its model, takes some forty statements an owner; this takes a few a batch (design
 * 10).
 *
 * <p>What is inserted is what the Admin API makes of such a user and such a membership, column by
 * column; a test compares them. Like it, nothing here is seen by others before the transaction
 * ends. Unlike it, no event tells Keycloak's other parts of the users: workflows are to go by time.
 */
final class OwnerTables {

  /** What stands in the user's own row; Keycloak's models show it among the attributes. */
  private static final Set<String> OWN_COLUMNS =
      Set.of(UserModel.USERNAME, UserModel.FIRST_NAME, UserModel.LAST_NAME, UserModel.EMAIL);

  /**
   * A longer one stands in other columns, with two hashes; {@link UserAttributeEntity} knows how.
   */
  private static final int MAX_VALUE = 255;

  /**
   * Keycloak's own property of a database session: its commit waits for the disk. Keycloak looks at
   * what Hibernate writes, which is an admin event only, and would not wait for that
   * (AsyncCommitIntegrator).
   */
  private static final String WAITS_FOR_DISK = "kc.sync_commit_required";

  private static final Table<UserEntity> USERS =
      new Table<UserEntity>("user_entity")
          .text("id", UserEntity::getId)
          .text("realm_id", UserEntity::getRealmId)
          .text("username", UserEntity::getUsername)
          .text("first_name", UserEntity::getFirstName)
          .text("last_name", UserEntity::getLastName)
          .text("email_constraint", UserEntity::getEmailConstraint)
          .bool("email_verified", UserEntity::isEmailVerified)
          .bool("enabled", UserEntity::isEnabled)
          .whole("created_timestamp", UserEntity::getCreatedTimestamp)
          .whole("last_modified_timestamp", UserEntity::getLastModifiedTimestamp)
          .whole("not_before", user -> (long) user.getNotBefore());

  private static final Table<UserAttributeEntity> ATTRIBUTES =
      new Table<UserAttributeEntity>("user_attribute")
          .text("id", UserAttributeEntity::getId)
          .text("user_id", attribute -> attribute.getUser().getId())
          .text("name", UserAttributeEntity::getName)
          .text("value", UserAttributeEntity::getValue);

  private static final Table<UserRequiredActionEntity> ACTIONS =
      new Table<UserRequiredActionEntity>("user_required_action")
          .text("user_id", action -> action.getUser().getId())
          .text("required_action", UserRequiredActionEntity::getAction);

  private static final Table<CredentialEntity> CREDENTIALS =
      new Table<CredentialEntity>("credential")
          .text("id", CredentialEntity::getId)
          .text("user_id", credential -> credential.getUser().getId())
          .text("type", CredentialEntity::getType)
          .text("user_label", CredentialEntity::getUserLabel)
          .whole("created_date", CredentialEntity::getCreatedDate)
          .text("secret_data", CredentialEntity::getSecretData)
          .text("credential_data", CredentialEntity::getCredentialData)
          .whole("priority", credential -> (long) credential.getPriority())
          .whole("version", credential -> 0L);

  private static final Table<UserRoleMappingEntity> ROLES =
      new Table<UserRoleMappingEntity>("user_role_mapping")
          .text("user_id", role -> role.getUser().getId())
          .text("role_id", UserRoleMappingEntity::getRoleId);

  private static final Table<UserGroupMembershipEntity> MEMBERSHIPS =
      new Table<UserGroupMembershipEntity>("user_group_membership")
          .text("user_id", membership -> membership.getUser().getId())
          .text("group_id", UserGroupMembershipEntity::getGroupId)
          .text("membership_type", membership -> membership.getMembershipType().name());

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Agency agency;
  private final TimeOrderedIds ids = new TimeOrderedIds();

  OwnerTables(KeycloakSession session, RealmModel realm, Agency agency) {
    this.session = session;
    this.realm = realm;
    this.agency = agency;
  }

  /**
   * An account as it stood a moment ago, to compare with; it cannot be written to.
   *
   * @param isMember whether the account is a member of the agency's organization
   */
  record Held(OwnerAccount account, boolean isMember) {}

  /**
   * A user to be inserted.
   *
   * @param user name, attributes and required actions count, roles and groups do not
   * @param credential its only one
   * @param isMember whether it becomes a member of the agency's organization
   */
  record NewUser(UserModel user, CredentialModel credential, boolean isMember) {}

  /** A user to be filled in and inserted. */
  UserModel newUser(String username) {
    InMemoryUserAdapter user = new InMemoryUserAdapter(session, realm, ids.next());
    user.setUsername(username);
    return user;
  }

  /** The accounts of these ids as they stand now, by id; not locked. */
  Map<String, Held> preview(Collection<String> userIds) {
    if (userIds.isEmpty()) {
      return Map.of();
    }
    Map<String, InMemoryUserAdapter> users = new HashMap<>();
    ManyRows rows = new ManyRows(entities());
    rows.read(
        "select id, first_name, last_name from {user_entity} where id = any(?)",
        row -> setNames(users, row),
        userIds);
    rows.read(
        "select user_id, name, value, long_value from {user_attribute} where user_id = any(?)",
        row -> addAttribute(users, row),
        userIds);
    Set<String> members = members(userIds);
    Map<String, Held> held = new HashMap<>();
    users.forEach(
        (id, user) -> {
          user.setReadonly(true);
          held.put(id, new Held(OwnerAccount.of(user), members.contains(id)));
        });
    return held;
  }

  /**
   * Inserts users who cannot be there yet, with the realm's default roles and groups. They go in
   * the order of their names: two batches with the same new users wait, and not each for the other.
   *
   * @throws org.keycloak.models.ModelDuplicateException a user of that name appeared meanwhile
   */
  void insert(List<NewUser> users) {
    if (users.isEmpty()) {
      return;
    }
    String organizationGroup = organizationGroup();
    List<String> groups = realm.getDefaultGroupsStream().map(GroupModel::getId).toList();
    String defaultRole = realm.getDefaultRole().getId();
    long now = Time.currentTimeMillis();
    Rows rows = new Rows();
    for (NewUser one : byName(users)) {
      UserEntity user = entity(one.user(), now);
      rows.users.add(user);
      addAttributes(user, one.user(), rows);
      one.user().getRequiredActionsStream().forEach(name -> rows.actions.add(action(user, name)));
      rows.credentials.add(credential(user, one.credential()));
      rows.roles.add(role(user, defaultRole));
      if (one.isMember()) {
        rows.memberships.add(membership(user, organizationGroup));
      }
      groups.forEach(group -> rows.memberships.add(membership(user, group)));
    }
    insert(rows);
  }

  /** What is to be inserted, a list a table: rows of one table go to the database together. */
  private static final class Rows {
    private final List<UserEntity> users = new ArrayList<>();
    private final List<UserAttributeEntity> attributes = new ArrayList<>();
    private final List<UserAttributeEntity> longAttributes = new ArrayList<>();
    private final List<UserRequiredActionEntity> actions = new ArrayList<>();
    private final List<CredentialEntity> credentials = new ArrayList<>();
    private final List<UserRoleMappingEntity> roles = new ArrayList<>();
    private final List<UserGroupMembershipEntity> memberships = new ArrayList<>();
  }

  private static List<NewUser> byName(List<NewUser> users) {
    return users.stream().sorted(Comparator.comparing(one -> one.user().getUsername())).toList();
  }

  private void insert(Rows rows) {
    entities().flush(); // what was changed through the model goes first
    entities().setProperty(WAITS_FOR_DISK, true);
    ManyRows many = new ManyRows(entities());
    try {
      if (many.canInsert()) {
        many.insert(USERS, rows.users);
        many.insert(ATTRIBUTES, rows.attributes);
        many.insert(ACTIONS, rows.actions);
        many.insert(CREDENTIALS, rows.credentials);
        many.insert(ROLES, rows.roles);
        many.insert(MEMBERSHIPS, rows.memberships);
        insertOneByOne(List.of(rows.longAttributes));
      } else {
        insertOneByOne(
            List.of(
                rows.users,
                rows.attributes,
                rows.longAttributes,
                rows.actions,
                rows.credentials,
                rows.roles,
                rows.memberships));
      }
    } catch (PersistenceException e) {
      throw EntityManagerProxy.convert(e);
    }
  }

  private void insertOneByOne(List<List<?>> tables) {
    try (StatelessSession inserting =
        entities().unwrap(Session.class).statelessWithOptions().connection().open()) {
      tables.stream().filter(rows -> !rows.isEmpty()).forEach(inserting::insertMultiple);
    }
  }

  /** Writes what was changed through the model, and lets go of what is held in memory of it. */
  void flushAndClear() {
    entities().flush();
    entities().clear();
  }

  private void addAttributes(UserEntity entity, UserModel user, Rows rows) {
    user.getAttributes()
        .forEach(
            (name, values) -> {
              if (!OWN_COLUMNS.contains(name)) {
                values.forEach(value -> addAttribute(entity, name, value, rows));
              }
            });
  }

  private void addAttribute(UserEntity entity, String name, String value, Rows rows) {
    boolean isLong = value.length() > MAX_VALUE;
    (isLong ? rows.longAttributes : rows.attributes).add(attribute(entity, name, value));
  }

  private UserEntity entity(UserModel user, long now) {
    UserEntity entity = new UserEntity();
    entity.setId(user.getId());
    entity.setRealmId(realm.getId());
    entity.setUsername(user.getUsername());
    entity.setFirstName(user.getFirstName());
    entity.setLastName(user.getLastName());
    entity.setEmailConstraint(ids.next());
    entity.setEnabled(true);
    entity.setCreatedTimestamp(now);
    entity.setLastModifiedTimestamp(now);
    return entity;
  }

  private UserAttributeEntity attribute(UserEntity user, String name, String value) {
    UserAttributeEntity attribute = new UserAttributeEntity();
    attribute.setId(ids.next());
    attribute.setUser(user);
    attribute.setName(name);
    attribute.setValue(value);
    return attribute;
  }

  private static UserRequiredActionEntity action(UserEntity user, String name) {
    UserRequiredActionEntity action = new UserRequiredActionEntity();
    action.setUser(user);
    action.setAction(name);
    return action;
  }

  private CredentialEntity credential(UserEntity user, CredentialModel model) {
    CredentialEntity credential = new CredentialEntity();
    credential.setId(ids.next());
    credential.setUser(user);
    credential.setType(model.getType());
    credential.setUserLabel(model.getUserLabel());
    credential.setCreatedDate(model.getCreatedDate());
    credential.setSecretData(model.getSecretData());
    credential.setCredentialData(model.getCredentialData());
    credential.setPriority(JpaUserCredentialStore.PRIORITY_DIFFERENCE);
    return credential;
  }

  private static UserRoleMappingEntity role(UserEntity user, String id) {
    UserRoleMappingEntity role = new UserRoleMappingEntity();
    role.setUser(user);
    role.setRoleId(id);
    return role;
  }

  /** Unmanaged: Keycloak deletes a managed member who leaves the organization. */
  private static UserGroupMembershipEntity membership(UserEntity user, String group) {
    UserGroupMembershipEntity membership = new UserGroupMembershipEntity();
    membership.setUser(user);
    membership.setGroupId(group);
    membership.setMembershipType(MembershipType.UNMANAGED);
    return membership;
  }

  private void setNames(Map<String, InMemoryUserAdapter> users, ResultSet row) throws SQLException {
    InMemoryUserAdapter user = user(users, row.getString(1));
    user.setFirstName(row.getString(2));
    user.setLastName(row.getString(3));
  }

  private void addAttribute(Map<String, InMemoryUserAdapter> users, ResultSet row)
      throws SQLException {
    String value = row.getString(3);
    user(users, row.getString(1))
        .getAttributes()
        .computeIfAbsent(row.getString(2), name -> new ArrayList<>())
        .add(value == null ? row.getString(4) : value);
  }

  private InMemoryUserAdapter user(Map<String, InMemoryUserAdapter> users, String id) {
    return users.computeIfAbsent(id, one -> new InMemoryUserAdapter(session, realm, one));
  }

  private Set<String> members(Collection<String> userIds) {
    Set<String> members = new HashSet<>();
    new ManyRows(entities())
        .read(
            "select user_id from {user_group_membership} where group_id = ? and user_id = any(?)",
            row -> members.add(row.getString(1)),
            organizationGroup(),
            userIds);
    return members;
  }

  /** The group that the organization's members are in; its model keeps it to itself. */
  private String organizationGroup() {
    return entities()
        .createQuery("select o.groupId from OrganizationEntity o where o.id = :id", String.class)
        .setParameter("id", agency.organization().getId())
        .getSingleResult();
  }

  private EntityManager entities() {
    return session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }
}
