package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.storage.adapter.InMemoryUserAdapter;

/**
 * An agency's identifiers in their order, read in pages that cost the same wherever they begin: a
 * range of the index over attributes, and two queries a page. Nothing is counted and no user is
 * loaded, so that neither the agency's size nor the realm's matters.
 */
final class OwnerRows {

  private static final String PAGE =
      "select a.value, u.id, u.username, u.firstName, u.lastName, u.email, u.enabled,"
          + " u.createdTimestamp, (select count(m.groupId) from UserGroupMembershipEntity m"
          + "   where m.user.id = u.id and m.groupId = :group)"
          + " from UserAttributeEntity a join a.user u"
          + " where a.name = :name and a.value >= :first and a.value < :end and a.value like :like"
          + " and u.realmId = :realm order by a.value";

  private static final String ATTRIBUTES =
      "select a.user.id, a.name, a.value, a.longValue from UserAttributeEntity a"
          + " where a.user.id in :ids and a.name in :names";

  private final KeycloakSession session;
  private final RealmModel realm;
  private final String prefix;
  private final String group;

  OwnerRows(KeycloakSession session, RealmModel realm, Agency agency) {
    this.session = session;
    this.realm = realm;
    this.prefix = AgencyCodes.ofAlias(agency.getAlias()).orElseThrow() + "/";
    this.group =
        entities()
            .createQuery(
                "select o.groupId from OrganizationEntity o where o.id = :id", String.class)
            .setParameter("id", agency.organization().getId())
            .getSingleResult();
  }

  /**
   * One identifier and the account that holds it.
   *
   * @param identifier the value of the attribute: {@code 1001/01/p00012}
   * @param key the part of it that is the agency's, {@code p00012}: where a page may begin
   * @param account as far as it has been read, not to be changed
   * @param isMember whether the account belongs to the agency still
   */
  record Row(String identifier, String key, OwnerAccount account, boolean isMember) {}

  /**
   * A page of identifiers.
   *
   * @param first key of the first, or null for the agency's first
   * @param most how many at most
   * @param attributes which attributes of the accounts are read
   */
  List<Row> page(String first, int most, Set<String> attributes) {
    List<Row> rows =
        entities()
            .createQuery(PAGE, Object[].class)
            .setParameter("group", group)
            .setParameter("name", OwnerAccount.IDENTIFIERS)
            .setParameter("first", prefix + (first == null ? "" : first))
            // The next character after the slash: the end of what begins with the prefix.
            .setParameter("end", prefix.substring(0, prefix.length() - 1) + "0")
            .setParameter("like", prefix + "%")
            .setParameter("realm", realm.getId())
            .setMaxResults(most)
            .getResultList()
            .stream()
            .map(this::row)
            .toList();
    read(rows, attributes);
    return rows;
  }

  /** Reads further attributes of these accounts. */
  void read(Collection<Row> rows, Set<String> attributes) {
    if (rows.isEmpty() || attributes.isEmpty()) {
      return;
    }
    Map<String, Map<String, List<String>>> byUser = new HashMap<>();
    entities()
        .createQuery(ATTRIBUTES, Object[].class)
        .setParameter("ids", rows.stream().map(row -> row.account().id()).distinct().toList())
        .setParameter("names", attributes)
        .getResultStream()
        .forEach(
            found ->
                byUser
                    .computeIfAbsent((String) found[0], id -> new HashMap<>())
                    .computeIfAbsent((String) found[1], name -> new ArrayList<>())
                    .add((String) (found[2] != null ? found[2] : found[3])));
    for (Row row : rows) {
      byUser.getOrDefault(row.account().id(), Map.of()).forEach(row.account().user()::setAttribute);
    }
  }

  private Row row(Object[] found) {
    InMemoryUserAdapter user = new InMemoryUserAdapter(session, realm, (String) found[1]);
    user.setUsername((String) found[2]);
    user.setFirstName((String) found[3]);
    user.setLastName((String) found[4]);
    user.setEmail((String) found[5]);
    user.setEnabled((boolean) found[6]);
    user.setCreatedTimestamp((Long) found[7]);
    String identifier = (String) found[0];
    return new Row(
        identifier,
        identifier.substring(prefix.length()),
        OwnerAccount.of(user),
        (long) found[8] > 0);
  }

  private EntityManager entities() {
    return session.getProvider(JpaConnectionProvider.class).getEntityManager();
  }
}
