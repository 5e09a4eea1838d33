package immo.moncompte.keycloak.signin;

import static immo.moncompte.keycloak.core.Message.error;
import static immo.moncompte.keycloak.core.Message.info;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.AddressScreen;
import immo.moncompte.keycloak.core.DeviceCookie;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.ProvedPassword;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.password.PasswordLogin;
import immo.moncompte.keycloak.password.PasswordLogin.Attempt;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.events.Details;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.organization.OrganizationProvider;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.services.managers.AuthenticationManager;

/** S6: sign-in with the address and the owner's own password. */
final class LoginScreen extends Screen {

  LoginScreen() {
    super(SignIn.LOGIN, "login.ftl", SignIn.PROVISIONAL, SignIn.FORGOTTEN);
  }

  @Override
  public void show(SignIn visit) {
    UserModel known = visit.context().getUser();
    if (known != null) {
      visit.keep("username", EmailAddress.shown(known.getUsername()));
    } else if (visit.kept("username") == null) {
      visit.keepTyped("username", suggested(visit));
    }
    super.show(visit);
  }

  @Override
  protected void fill(SignIn visit, LoginFormsProvider form) {
    form.setAttribute("reauthentication", visit.context().getUser() != null);
    new PasskeyLogin(visit).offer();
  }

  /** The address of the activation just done in this visit, or the application's hint. */
  private static String suggested(SignIn visit) {
    return AddressScreen.chosen(visit)
        .map(EmailAddress::shown)
        .orElseGet(
            () -> visit.authenticationSession().getClientNote(OIDCLoginProtocol.LOGIN_HINT_PARAM));
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    if (PasskeyLogin.isAnswered(form)) {
      submitPasskey(visit, form);
      return;
    }
    UserModel known = visit.context().getUser();
    String email =
        known != null
            ? known.getUsername()
            : nullToEmpty(form.getFirst(AuthenticationManager.FORM_USERNAME)).strip();
    visit.keepTyped("username", email);
    String password = Passwords.normalize(form.getFirst(CredentialRepresentation.PASSWORD));
    Attempt attempt = PasswordLogin.of(visit).attempt(email, password, "loginRefused");
    if (attempt.isRefused()) {
      refuse(visit, attempt.refusal());
      return;
    }
    // Keycloak gives the new session the id of the old one, which works only from the next request.
    if (visit.endOtherSession(info("sessionEndedRetype"))) {
      visit.goTo(name());
      return;
    }
    succeed(visit, attempt.account());
  }

  private static void submitPasskey(SignIn visit, MultivaluedMap<String, String> form) {
    EvenTime time = new EvenTime();
    SourceLimit source = SourceLimit.of(visit.session(), visit.realm(), "passkey");
    if (!source.admits(visit.event())) {
      refuse(visit, "tooManyAttempts");
      return;
    }
    if (!new PasskeyLogin(visit).verifies(form)) {
      time.waitForNextStep();
      refuse(visit, "passkeyRefused");
      return;
    }
    source.refund();
    // As after a password: ends the session of another owner, then starts the sign-in again.
    if (visit.endOtherSession(info("sessionEndedRetype"))) {
      visit.goTo(SignIn.LOGIN);
      return;
    }
    rememberBrowser(visit, new OwnerAccount(visit.context().getUser()));
  }

  private static void succeed(SignIn visit, OwnerAccount account) {
    AuthenticationFlowContext context = visit.context();
    context.setUser(account.user());
    keepMembershipsInCache(visit.session(), account.user());
    ProvedPassword.remember(visit.authenticationSession(), account);
    context.getEvent().detail(Details.USERNAME, account.user().getUsername());
    visit.authenticationSession().setAuthNote(AuthenticationManager.PASSWORD_VALIDATED, "true");
    rememberBrowser(visit, account);
    context.success(PasswordCredentialModel.TYPE);
  }

  private static void rememberBrowser(SignIn visit, OwnerAccount account) {
    new DeviceCookie(visit.session(), visit.realm()).remember(account);
  }

  /**
   * Fills Keycloak's user cache with the owner's agencies, as its own sign-in does.
   *
   * <p>At each sign-in, token and renewal, Keycloak asks whether an organization manages the
   * account and is disabled. Without the cache, each answer takes three statements.
   */
  private static void keepMembershipsInCache(KeycloakSession session, UserModel owner) {
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    organizations
        .getByMember(owner)
        .forEach(organization -> organizations.isMember(organization, owner));
  }

  private static void refuse(SignIn visit, String key) {
    visit.goTo(SignIn.LOGIN, error(null, key));
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }
}
