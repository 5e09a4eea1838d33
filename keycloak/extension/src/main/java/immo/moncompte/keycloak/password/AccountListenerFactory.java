package immo.moncompte.keycloak.password;

import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Registers {@link AccountListener} in every realm. */
public final class AccountListenerFactory implements EventListenerProviderFactory {

  @Override
  public String getId() {
    return "moncompte-lockout";
  }

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new AccountListener(session);
  }

  @Override
  public boolean isGlobal() {
    return true;
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
    // Holds nothing.
  }
}
