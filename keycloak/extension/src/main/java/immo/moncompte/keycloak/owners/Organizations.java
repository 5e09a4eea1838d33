package immo.moncompte.keycloak.owners;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.OrganizationDomainRepresentation;
import org.keycloak.representations.idm.OrganizationRepresentation;

/**
 * All organizations of a realm, as the Admin API shows them. Its own listing takes several
 * statements for each organization: 9 seconds for 1,000 of them.
 */
record Organizations(KeycloakSession session, RealmModel realm) {

  List<OrganizationRepresentation> all() {
    Map<String, OrganizationRepresentation> byId = new HashMap<>();
    Map<String, OrganizationRepresentation> byGroup = new HashMap<>();
    for (Object[] row :
        rows(
            "select o.id, o.groupId, o.name, o.alias, o.enabled, o.description, o.redirectUrl"
                + " from OrganizationEntity o where o.realmId = :realm")) {
      OrganizationRepresentation one = new OrganizationRepresentation();
      one.setId((String) row[0]);
      one.setName((String) row[2]);
      one.setAlias((String) row[3]);
      one.setEnabled((Boolean) row[4]);
      one.setDescription((String) row[5]);
      one.setRedirectUrl((String) row[6]);
      one.setAttributes(new HashMap<>());
      byId.put(one.getId(), one);
      byGroup.put((String) row[1], one);
    }
    rows("select a.group.id, a.name, a.value from GroupAttributeEntity a where a.group.id in"
            + " (select o.groupId from OrganizationEntity o where o.realmId = :realm)")
        .forEach(row -> addAttribute(byGroup.get((String) row[0]), row));
    rows("select d.organization.id, d.name, d.verified from OrganizationDomainEntity d"
            + " where d.organization.realmId = :realm")
        .forEach(row -> addDomain(byId.get((String) row[0]), row));
    return List.copyOf(byId.values());
  }

  /**
   * @param one null for an organization that was made meanwhile
   */
  private static void addAttribute(OrganizationRepresentation one, Object[] row) {
    if (one == null) {
      return;
    }
    one.getAttributes()
        .computeIfAbsent((String) row[1], name -> new ArrayList<>())
        .add((String) row[2]);
  }

  private static void addDomain(OrganizationRepresentation one, Object[] row) {
    if (one == null) {
      return;
    }
    OrganizationDomainRepresentation domain = new OrganizationDomainRepresentation((String) row[1]);
    domain.setVerified((Boolean) row[2]);
    one.addDomain(domain);
  }

  private List<Object[]> rows(String query) {
    EntityManager entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    return entities
        .createQuery(query, Object[].class)
        .setParameter("realm", realm.getId())
        .getResultList();
  }
}
