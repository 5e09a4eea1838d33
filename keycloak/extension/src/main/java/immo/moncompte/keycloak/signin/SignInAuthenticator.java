package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.web.LoginLink;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.resources.LoginActionsService;

/**
 * Screens S0 to S6: sign-in and activation in one authenticator, which finds the screen and hands
 * over to it. It ends in success only for a personal account with its own password; a provisional
 * account never becomes the user of the authentication session (spec, rule 1).
 */
final class SignInAuthenticator implements Authenticator {

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    if (isSignedInAlready(context)) {
      context.success();
      return;
    }
    SignIn signIn = new SignIn(context);
    Screens.reachable(wanted(signIn), signIn).show(signIn);
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    SignIn signIn = new SignIn(context);
    String posted = wanted(signIn);
    Screen screen = Screens.reachable(posted, signIn);
    if (!screen.name().equals(posted)) {
      signIn.goTo(screen.name());
      return;
    }
    screen.submit(signIn, context.getHttpRequest().getDecodedFormParameters());
  }

  /** The single sign-on cookie was enough, but Keycloak's cookie step left the last word to us. */
  private static boolean isSignedInAlready(AuthenticationFlowContext context) {
    return context.getUser() != null
        && "true"
            .equals(context.getAuthenticationSession().getAuthNote(AuthenticationManager.SSO_AUTH));
  }

  private static String wanted(SignIn signIn) {
    String named = signIn.context().getUriInfo().getQueryParameters().getFirst(LoginLink.SCREEN);
    if (Screens.exists(named)) {
      return named;
    }
    String current = signIn.currentScreen();
    return Screens.exists(current) ? current : first(signIn);
  }

  private static String first(SignIn signIn) {
    AuthenticationFlowContext context = signIn.context();
    boolean activation = LoginActionsService.REGISTRATION_PATH.equals(context.getFlowPath());
    if (activation || signIn.requestedIdentifier() != null) {
      return SignIn.PROVISIONAL;
    }
    boolean reauthentication = context.getUser() != null;
    String hint = signIn.authenticationSession().getClientNote(OIDCLoginProtocol.LOGIN_HINT_PARAM);
    if (reauthentication || hint != null) {
      return SignIn.LOGIN;
    }
    return SignIn.WELCOME;
  }

  @Override
  public boolean requiresUser() {
    return false;
  }

  @Override
  public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
    return true;
  }

  @Override
  public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {
    // Nothing to set up: whoever has an account can be asked for it.
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
