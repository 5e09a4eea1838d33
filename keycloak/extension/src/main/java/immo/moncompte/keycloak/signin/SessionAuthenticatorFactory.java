package immo.moncompte.keycloak.signin;

import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticatorFactory;
import org.keycloak.models.KeycloakSession;

/** Offers {@link SessionAuthenticator} to the flows of a realm. */
public final class SessionAuthenticatorFactory extends CookieAuthenticatorFactory {

  private static final SessionAuthenticator SINGLETON = new SessionAuthenticator();

  @Override
  public String getId() {
    return "moncompte-session";
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return SINGLETON;
  }

  @Override
  public String getDisplayType() {
    return "Moncompte single sign-on";
  }

  @Override
  public String getHelpText() {
    return "The single sign-on cookie, unless a letter's address is about somebody else.";
  }
}
