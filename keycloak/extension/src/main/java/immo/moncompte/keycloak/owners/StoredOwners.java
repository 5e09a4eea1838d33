package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What a load compares of an agency's members, as it is stored, in the order of their identifiers:
 * two queries a page, and no model of a user. {@link OwnerRows} reads what people look at.
 */
final class StoredOwners {

  private static final String PAGE =
      "select a.value, u.id, u.last_name, u.first_name from {user_attribute} a"
          + " join {user_entity} u on u.id = a.user_id"
          + " join {user_group_membership} m on m.user_id = u.id"
          + " where a.name = ? and a.value >= ? and a.value < ? and a.value like ?"
          + " and u.realm_id = ? and m.group_id = ? order by a.value fetch first ";

  /**
   * Of names nothing is asked that an index knows: each name has as many rows as there are users.
   */
  private static final String ATTRIBUTES =
      "select user_id, name, value, long_value from {user_attribute}"
          + " where user_id = any(?) and name || '' = any(?)";

  private static final List<String> READ =
      List.of(
          OwnerAccount.CONTACTS,
          OwnerAccount.CONTRACTS,
          OwnerAccount.SUGGESTED_EMAIL,
          OwnerAccount.ACTIVATED_AT);

  private final EntityManager entities;
  private final RealmModel realm;
  private final String prefix;
  private final String group;

  StoredOwners(KeycloakSession session, RealmModel realm, Agency agency) {
    this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    this.realm = realm;
    this.prefix = AgencyCodes.ofAlias(agency.getAlias()).orElseThrow() + "/";
    this.group =
        entities
            .createQuery(
                "select o.groupId from OrganizationEntity o where o.id = :id", String.class)
            .setParameter("id", agency.organization().getId())
            .getSingleResult();
  }

  /**
   * An identifier and the account that holds it.
   *
   * @param key the part of the identifier that is the agency's, {@code p00012}: where a page may
   *     begin
   * @param lastName empty when there is none; so is the first name
   * @param attributes values by name
   */
  record Stored(
      String key, String lastName, String firstName, Map<String, List<String>> attributes) {

    List<String> all(String name) {
      return attributes.getOrDefault(name, List.of());
    }

    /** The first value, empty when there is none. */
    String first(String name) {
      return all(name).stream().findFirst().orElse("");
    }

    boolean isPersonal() {
      return attributes.containsKey(OwnerAccount.ACTIVATED_AT);
    }
  }

  /**
   * A page of the agency's members.
   *
   * @param first key of the first, or null for the agency's first
   * @param most how many at most
   */
  List<Stored> page(String first, int most) {
    List<Stored> page = new ArrayList<>();
    Map<String, Map<String, List<String>>> byUser = new HashMap<>();
    ManyRows rows = new ManyRows(entities);
    rows.read(
        PAGE + most + " rows only",
        row ->
            page.add(
                new Stored(
                    row.getString(1).substring(prefix.length()),
                    Objects.requireNonNullElse(row.getString(3), ""),
                    Objects.requireNonNullElse(row.getString(4), ""),
                    byUser.computeIfAbsent(row.getString(2), id -> new HashMap<>()))),
        OwnerAccount.IDENTIFIERS,
        prefix + Objects.requireNonNullElse(first, ""),
        prefix.substring(0, prefix.length() - 1) + "0", // after the slash: the end of the prefix
        prefix + "%",
        realm.getId(),
        group);
    rows.read(
        ATTRIBUTES,
        row -> {
          String value = row.getString(3);
          byUser
              .get(row.getString(1))
              .computeIfAbsent(row.getString(2), name -> new ArrayList<>(1))
              .add(value == null ? row.getString(4) : value);
        },
        byUser.keySet(),
        READ);
    return page;
  }
}
