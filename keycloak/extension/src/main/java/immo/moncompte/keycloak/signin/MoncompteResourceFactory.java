package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.MailQueue;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.cluster.ClusterProvider;
import org.keycloak.email.EmailSenderProvider;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.SingleUseObjectProvider;
import org.keycloak.models.UserLoginFailureProvider;
import org.keycloak.models.UserSessionProvider;
import org.keycloak.provider.Provider;
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
    MailQueue.showMetrics();
    Disputes.showMetrics();
  }

  /** What mails need. Keycloak closes these after this, and {@link #close} still sends mails. */
  @Override
  public Set<Class<? extends Provider>> dependsOn() {
    // These depend on the connections to the database and the caches.
    return Set.of(
        ClusterProvider.class,
        UserSessionProvider.class,
        UserLoginFailureProvider.class,
        SingleUseObjectProvider.class,
        ExecutorsProvider.class,
        EmailSenderProvider.class,
        EmailTemplateProvider.class);
  }

  @Override
  public void close() {
    MailQueue.close();
  }
}
