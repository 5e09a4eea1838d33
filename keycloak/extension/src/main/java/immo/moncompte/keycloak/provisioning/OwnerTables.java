package immo.moncompte.keycloak.provisioning;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.agency.Agency;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
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
  Map<String, Held> look(Collection<String> userIds) {
    if (userIds.isEmpty()) {
      return Map.of();
    }
    Map<String, InMemoryUserAdapter> users = new HashMap<>();
    entities()
        .createQuery(
            "select a.user.id, a.user.firstName, a.user.lastName, a.name, a.value, a.longValue"
                + " from UserAttributeEntity a where a.user.id in :ids",
            Object[].class)
        .setParameter("ids", userIds)
        .getResultStream()
        .forEach(
            row -> {
              InMemoryUserAdapter user =
                  users.computeIfAbsent((String) row[0], id -> named(id, row[1], row[2]));
              String value = (String) (row[4] == null ? row[5] : row[4]);
              user.getAttributes()
                  .computeIfAbsent((String) row[3], name -> new ArrayList<>())
                  .add(value);
            });
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
    List<Object> rowsOfUsers = new ArrayList<>();
    List<Object> attributes = new ArrayList<>();
    List<Object> actions = new ArrayList<>();
    List<Object> credentials = new ArrayList<>();
    List<Object> roles = new ArrayList<>();
    List<Object> memberships = new ArrayList<>();
    for (NewUser one : byName(users)) {
      UserEntity user = entity(one.user(), now);
      rowsOfUsers.add(user);
      addAttributes(user, one.user(), attributes);
      one.user().getRequiredActionsStream().forEach(name -> actions.add(action(user, name)));
      credentials.add(credential(user, one.credential()));
      roles.add(role(user, defaultRole));
      if (one.isMember()) {
        memberships.add(membership(user, organizationGroup));
      }
      groups.forEach(group -> memberships.add(membership(user, group)));
    }
    // A table at a time: rows of one table go to the database together.
    insert(List.of(rowsOfUsers, attributes, actions, credentials, roles, memberships));
  }

  private static List<NewUser> byName(List<NewUser> users) {
    return users.stream().sorted(Comparator.comparing(one -> one.user().getUsername())).toList();
  }

  private void insert(Collection<List<Object>> tables) {
    entities().flush(); // what was changed through the model goes first
    try (StatelessSession inserting =
        entities().unwrap(Session.class).statelessWithOptions().connection().open()) {
      tables.stream().filter(rows -> !rows.isEmpty()).forEach(inserting::insertMultiple);
    } catch (PersistenceException e) {
      throw EntityManagerProxy.convert(e);
    }
  }

  /** Writes what was changed through the model, and lets go of what is held in memory of it. */
  void letGo() {
    entities().flush();
    entities().clear();
  }

  private void addAttributes(UserEntity entity, UserModel user, List<Object> rows) {
    user.getAttributes()
        .forEach(
            (name, values) -> {
              if (!OWN_COLUMNS.contains(name)) {
                values.forEach(value -> rows.add(attribute(entity, name, value)));
              }
            });
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

  private InMemoryUserAdapter named(String id, Object firstName, Object lastName) {
    InMemoryUserAdapter user = new InMemoryUserAdapter(session, realm, id);
    user.setFirstName((String) firstName);
    user.setLastName((String) lastName);
    return user;
  }

  private Set<String> members(Collection<String> userIds) {
    return new HashSet<>(
        entities()
            .createQuery(
                "select m.user.id from UserGroupMembershipEntity m"
                    + " where m.groupId = :group and m.user.id in :ids",
                String.class)
            .setParameter("group", organizationGroup())
            .setParameter("ids", userIds)
            .getResultList());
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
