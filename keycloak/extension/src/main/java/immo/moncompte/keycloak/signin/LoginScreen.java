package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.password.Passwords;
import immo.moncompte.keycloak.throttle.AccountLock;
import immo.moncompte.keycloak.throttle.SourceLimit;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * S6: sign-in with the address and the owner's own password.
 *
 * <p>Keycloak's own form is not used underneath: for an account that is locked, disabled or without
 * a password it answers without a hash, which tells by its time who exists (spec, rule 7), and it
 * writes what was typed into events (rule 6).
 */
final class LoginScreen implements Screen {

  private static final int SHOWN_BACK = 255;
  private static final String NO_AGENCY = "any";

  @Override
  public String name() {
    return SignIn.LOGIN;
  }

  @Override
  public void show(SignIn signIn) {
    String hint = signIn.authenticationSession().getClientNote(OIDCLoginProtocol.LOGIN_HINT_PARAM);
    if (signIn.kept("username") == null) {
      signIn.keep("username", shortened(firstOf(signIn.kept("email"), hint)));
    }
    LoginFormsProvider form = signIn.form(name(), SignIn.PROVISIONAL, SignIn.CODES, SignIn.WELCOME);
    UserModel known = signIn.context().getUser();
    form.setAttribute("reauthentication", known != null);
    if (known != null) {
      signIn.keep("username", known.getUsername());
      form.setAttribute("values", java.util.Map.of("username", known.getUsername()));
    }
    signIn.show(form, "login.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    UserModel known = signIn.context().getUser();
    String typed =
        known == null ? form.getFirst(AuthenticationManager.FORM_USERNAME) : known.getUsername();
    String password = Passwords.normalize(form.getFirst(CredentialRepresentation.PASSWORD));
    signIn.keep("username", shortened(typed));

    SourceLimit source =
        SourceLimit.of(
            signIn.session(),
            signIn.realm(),
            "personal",
            signIn.agency().map(Agency::getAlias).orElse(NO_AGENCY));
    if (!source.admits()) {
      source.tell(signIn.context().newEvent());
      refuse(signIn, "tooManyAttempts");
      return;
    }
    Optional<OwnerAccount> account = find(signIn, typed);
    if (!isRight(signIn, account, password)) {
      logRefusal(signIn, account);
      refuse(signIn, "loginRefused");
      return;
    }
    source.succeeded();
    succeed(signIn, account.orElseThrow());
  }

  private static Optional<OwnerAccount> find(SignIn signIn, String typed) {
    String address = typed == null ? "" : typed.strip();
    return OwnerAccount.findPersonal(signIn.session(), signIn.realm(), address);
  }

  /** Whether account and password let in; one hash is computed in every case. */
  private static boolean isRight(SignIn signIn, Optional<OwnerAccount> account, String password) {
    AccountLock lock = new AccountLock(signIn.session(), signIn.realm());
    Optional<UserModel> verifiable =
        account.filter(found -> isVerifiable(found, lock)).map(OwnerAccount::user);
    if (verifiable.isEmpty()) {
      Passwords.spendOneHash(signIn.session(), signIn.realm());
      lock.failedForNobody();
      return false;
    }
    UserModel user = verifiable.get();
    boolean right = user.credentialManager().isValid(UserCredentialModel.password(password));
    if (!right) {
      lock.failed(user);
    }
    return right;
  }

  private static boolean isVerifiable(OwnerAccount account, AccountLock lock) {
    return account.user().isEnabled()
        && account.credential(PasswordCredentialModel.TYPE).isPresent()
        && lock.admits(account.user());
  }

  private static void succeed(SignIn signIn, OwnerAccount account) {
    AuthenticationFlowContext context = signIn.context();
    UserModel before = context.getUser();
    if (before != null && !before.getId().equals(account.id())) {
      context.clearUser();
    }
    context.setUser(account.user());
    context.getEvent().detail(Details.USERNAME, account.user().getUsername());
    signIn.authenticationSession().setAuthNote(AuthenticationManager.PASSWORD_VALIDATED, "true");
    context.success(PasswordCredentialModel.TYPE);
  }

  private static void logRefusal(SignIn signIn, Optional<OwnerAccount> account) {
    EventBuilder event =
        signIn.context().newEvent().event(EventType.LOGIN).detail("screen", SignIn.LOGIN);
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }

  private static void refuse(SignIn signIn, String key) {
    signIn.say(SignIn.error(null, key));
    signIn.goTo(SignIn.LOGIN);
  }

  private static String firstOf(String first, String second) {
    return first == null || first.isBlank() ? second : first;
  }

  private static String shortened(String typed) {
    String text = typed == null ? "" : typed.strip();
    return text.length() <= SHOWN_BACK ? text : text.substring(0, SHOWN_BACK);
  }
}
