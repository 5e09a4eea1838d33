package immo.moncompte.keycloak.web;

import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** A required action that is its own factory: it holds nothing, and the realm configures it. */
abstract class RequiredAction implements RequiredActionProvider, RequiredActionFactory {

  private final String id;
  private final String name;

  /**
   * An action.
   *
   * @param id its alias
   * @param name its name in the administration console
   */
  RequiredAction(String id, String name) {
    this.id = id;
    this.name = name;
  }

  @Override
  public final RequiredActionProvider create(KeycloakSession session) {
    return this;
  }

  @Override
  public final String getId() {
    return id;
  }

  @Override
  public final String getDisplayText() {
    return "Moncompte: " + name;
  }

  @Override
  public final void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public final void postInit(KeycloakSessionFactory factory) {
    // Nothing to prepare.
  }

  @Override
  public final void close() {
    // Holds nothing.
  }
}
