package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.agency.Memberships;
import immo.moncompte.keycloak.password.Passwords;
import immo.moncompte.keycloak.password.PersonalCheck;
import immo.moncompte.keycloak.throttle.EvenTime;
import immo.moncompte.keycloak.throttle.SourceLimit;
import immo.moncompte.keycloak.web.ProvedPassword;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.events.Details;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.services.managers.AuthenticationManager;

/** S6: sign-in with the address and the owner's own password. */
final class LoginScreen implements Screen {

  @Override
  public String name() {
    return SignIn.LOGIN;
  }

  @Override
  public void show(SignIn signIn) {
    UserModel known = signIn.context().getUser();
    if (known != null) {
      signIn.keep("username", known.getUsername());
    } else if (signIn.kept("username") == null) {
      signIn.keepTyped("username", suggested(signIn));
    }
    LoginFormsProvider form = signIn.form(name(), SignIn.PROVISIONAL, SignIn.FORGOTTEN);
    form.setAttribute("reauthentication", known != null);
    new PasskeyLogin(signIn).offer();
    signIn.show(form, "login.ftl");
  }

  /** The address of the activation just done in this visit, or the application's hint. */
  private static String suggested(SignIn signIn) {
    String chosen = signIn.kept("email");
    boolean activated = chosen != null && !chosen.isBlank();
    return activated
        ? chosen
        : signIn.authenticationSession().getClientNote(OIDCLoginProtocol.LOGIN_HINT_PARAM);
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    if (PasskeyLogin.isAnswered(form)) {
      submitPasskey(signIn, form);
      return;
    }
    UserModel known = signIn.context().getUser();
    String email =
        known != null
            ? known.getUsername()
            : nullToEmpty(form.getFirst(AuthenticationManager.FORM_USERNAME)).strip();
    signIn.keepTyped("username", email);
    PersonalCheck check = signIn.personalCheck();
    SourceLimit source = check.source();
    if (!source.admits(signIn.event())) {
      refuse(signIn, "tooManyAttempts");
      return;
    }
    String password = Passwords.normalize(form.getFirst(CredentialRepresentation.PASSWORD));
    Optional<OwnerAccount> account = check.verified(email, password);
    if (account.isEmpty()) {
      refuse(signIn, "loginRefused");
      return;
    }
    source.succeeded();
    // Keycloak gives the new session the id of the one that goes, which works from the next request
    // on.
    if (signIn.endOtherSession(SignIn.info("sessionEndedRetype"))) {
      signIn.goTo(name());
      return;
    }
    succeed(signIn, account.get());
  }

  private static void submitPasskey(SignIn signIn, MultivaluedMap<String, String> form) {
    EvenTime time = new EvenTime();
    SourceLimit source = signIn.personalCheck().source();
    if (!source.admits(signIn.event())) {
      refuse(signIn, "tooManyAttempts");
      return;
    }
    if (!new PasskeyLogin(signIn).verifies(form)) {
      time.waitForNextStep();
      refuse(signIn, "passkeyRefused");
      return;
    }
    source.succeeded();
    // As after a password: the session of another owner ends first, then the sign-in begins again.
    if (signIn.endOtherSession(SignIn.info("sessionEndedRetype"))) {
      signIn.context().clearUser();
      signIn.goTo(SignIn.LOGIN);
    }
  }

  private static void succeed(SignIn signIn, OwnerAccount account) {
    AuthenticationFlowContext context = signIn.context();
    context.setUser(account.user());
    Memberships.keepInCache(signIn.session(), account.user());
    ProvedPassword.remember(signIn.authenticationSession(), account);
    context.getEvent().detail(Details.USERNAME, account.user().getUsername());
    signIn.authenticationSession().setAuthNote(AuthenticationManager.PASSWORD_VALIDATED, "true");
    // With the credential's type, or Keycloak would not reset the account's failures.
    context.success(PasswordCredentialModel.TYPE);
  }

  private static void refuse(SignIn signIn, String key) {
    signIn.say(SignIn.error(null, key));
    signIn.goTo(SignIn.LOGIN);
  }

  private static String nullToEmpty(String text) {
    return text == null ? "" : text;
  }
}
