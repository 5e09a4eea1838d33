package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.LoginFailures;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.UsernamePasswordFormFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Offers {@link SignInAuthenticator} to the flows of a realm. */
public final class SignInAuthenticatorFactory extends UsernamePasswordFormFactory {

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
  public Requirement[] getRequirementChoices() {
    return new Requirement[] {Requirement.REQUIRED, Requirement.ALTERNATIVE, Requirement.DISABLED};
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    LoginFailures.refuseOtherStores();
  }
}
