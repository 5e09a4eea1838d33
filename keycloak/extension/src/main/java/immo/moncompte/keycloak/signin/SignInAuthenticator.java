package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.core.LoginFailures;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.SignIn;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.UsernamePasswordFormFactory;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.resources.LoginActionsService;

/**
 * Finds the screen of a sign-in or activation, S0 to S9, and runs it. It succeeds only for a
 * personal account with its own password. A provisional account never becomes the user of the
 * authentication session (specification, rule 1). It has no state, and is its own factory.
 */
public final class SignInAuthenticator extends UsernamePasswordFormFactory
    implements Authenticator {

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    if (isSignedInAlready(context)) {
      context.success();
      return;
    }
    SignIn visit = new SignIn(context);
    Screens.reachable(wanted(visit), visit).show(visit);
    keepSession(context);
  }

  @Override
  public void action(AuthenticationFlowContext context) {
    submit(new SignIn(context));
    keepSession(context);
  }

  private static void submit(SignIn visit) {
    String posted = wanted(visit);
    Screen screen = Screens.reachable(posted, visit);
    if (!screen.name().equals(posted)) {
      visit.goTo(screen.name());
      return;
    }
    screen.submit(visit, visit.context().getHttpRequest().getDecodedFormParameters());
  }

  /**
   * Keycloak expires the cookie of single sign-on wherever {@code prompt=create} leads, and any
   * site can link to that. Only an activation ends a session, and says so.
   */
  private static void keepSession(AuthenticationFlowContext context) {
    if (isActivation(context)) {
      Sessions.keepOfBrowser(context.getSession(), context.getRealm());
    }
  }

  /** Whether the application asked for it: {@code prompt=create}. */
  private static boolean isActivation(AuthenticationFlowContext context) {
    return LoginActionsService.REGISTRATION_PATH.equals(context.getFlowPath());
  }

  /**
   * Whether the single sign-on cookie was enough. Keycloak's cookie step leaves the decision to us.
   */
  private static boolean isSignedInAlready(AuthenticationFlowContext context) {
    return context.getUser() != null
        && "true"
            .equals(context.getAuthenticationSession().getAuthNote(AuthenticationManager.SSO_AUTH));
  }

  private static String wanted(SignIn visit) {
    String named = visit.context().getUriInfo().getQueryParameters().getFirst(LoginLink.SCREEN);
    if (Screens.exists(named)) {
      return named;
    }
    String current = visit.currentScreen();
    return Screens.exists(current) ? current : first(visit);
  }

  private static String first(SignIn visit) {
    AuthenticationFlowContext context = visit.context();
    if (isActivation(context) || visit.requestedIdentifier() != null) {
      return SignIn.PROVISIONAL;
    }
    boolean reauthentication = context.getUser() != null;
    String hint = visit.authenticationSession().getClientNote(OIDCLoginProtocol.LOGIN_HINT_PARAM);
    if (reauthentication || hint != null) {
      return SignIn.LOGIN;
    }
    return SignIn.WELCOME;
  }

  // ---- for Keycloak's flows

  @Override
  public String getId() {
    return "moncompte-signin";
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
  public Authenticator create(KeycloakSession session) {
    return this;
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    LoginFailures.refuseOtherStores();
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
    // Nothing to set up.
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
