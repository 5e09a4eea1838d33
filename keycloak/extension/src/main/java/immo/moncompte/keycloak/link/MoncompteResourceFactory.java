package immo.moncompte.keycloak.link;

import immo.moncompte.keycloak.mail.MailQueue;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Serves {@link MoncompteResource} at {@code /realms/{realm}/moncompte}. */
public final class MoncompteResourceFactory implements RealmResourceProviderFactory {

  @Override
  public String getId() {
    return "moncompte";
  }

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new MoncompteResource(session);
  }

  @Override
  public void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    // Nothing to prepare.
  }

  @Override
  public void close() {
    MailQueue.close();
  }
}
