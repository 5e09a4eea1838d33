package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.LoginFailures;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.provider.ProviderConfigProperty;

/** Offers {@link SignInAuthenticator} to the flows of a realm. */
public final class SignInAuthenticatorFactory implements AuthenticatorFactory {

  private static final SignInAuthenticator SINGLETON = new SignInAuthenticator();

  @Override
  public String getId() {
    return "moncompte-signin";
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return SINGLETON;
  }

  @Override
  public String getDisplayType() {
    return "Moncompte sign-in and activation";
  }

  @Override
  public String getHelpText() {
    return "Agency codes, activation of provisional accounts, sign-in of personal accounts.";
  }

  @Override
  public String getReferenceCategory() {
    return PasswordCredentialModel.TYPE;
  }

  @Override
  public boolean isConfigurable() {
    return false;
  }

  @Override
  public List<ProviderConfigProperty> getConfigProperties() {
    return List.of();
  }

  @Override
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED, Requirement.ALTERNATIVE, Requirement.DISABLED};
  }

  @Override
  public boolean isUserSetupAllowed() {
    return false;
  }

  @Override
  public void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    LoginFailures.refuseOtherStores();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
