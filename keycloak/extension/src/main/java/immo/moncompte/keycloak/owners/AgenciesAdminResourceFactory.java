package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Logos;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** Serves {@link AgenciesAdminResource} at {@code /admin/realms/{realm}/moncompte}. */
public final class AgenciesAdminResourceFactory
    implements AdminRealmResourceProviderFactory, AdminRealmResourceProvider {

  @Override
  public String getId() {
    return "moncompte";
  }

  @Override
  public AdminRealmResourceProvider create(KeycloakSession session) {
    return this;
  }

  @Override
  public Object getResource(
      KeycloakSession session,
      RealmModel realm,
      AdminPermissionEvaluator auth,
      AdminEventBuilder adminEvent) {
    return new AgenciesAdminResource(session, realm, auth, adminEvent);
  }

  @Override
  public void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(AgenciesAdminResourceFactory::forgetLogos);
  }

  /** A logo goes with its agency, and with the realm. */
  private static void forgetLogos(ProviderEvent event) {
    if (event instanceof RealmModel.RealmRemovedEvent removed) {
      new Logos(removed.getKeycloakSession(), removed.getRealm()).forgetAll();
    }
    if (event instanceof OrganizationModel.OrganizationRemovedEvent removed) {
      KeycloakSession session = removed.getKeycloakSession();
      new Logos(session, session.getContext().getRealm())
          .forget(removed.getOrganization().getAlias());
    }
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
