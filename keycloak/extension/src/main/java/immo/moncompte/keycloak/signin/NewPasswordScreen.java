package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.password.NewPassword;
import immo.moncompte.keycloak.password.Passwords;
import immo.moncompte.keycloak.password.PersonalCheck;
import immo.moncompte.keycloak.throttle.EvenTime;
import immo.moncompte.keycloak.throttle.SourceLimit;
import immo.moncompte.keycloak.web.LinkSecret;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.sessions.AuthenticationSessionModel;

/** S4: the owner's own password, by the realm's criteria, and the terms. */
final class NewPasswordScreen implements Screen {

  private static final String MISSING = "missingCriteria";
  private static final String SHOWN = "shownTerms";

  @Override
  public String name() {
    return SignIn.PASSWORD;
  }

  @Override
  public String instead(SignIn signIn) {
    return Prerequisites.chosenAddress(signIn);
  }

  @Override
  public void show(SignIn signIn) {
    RealmSettings settings = new RealmSettings(signIn.realm());
    LoginFormsProvider form = signIn.form(name(), SignIn.ADDRESS, SignIn.PROVISIONAL, SignIn.LOGIN);
    form.setAttribute("criteria", criteria(signIn, form));
    if (settings.termsVersion() != null) {
      // Consent is to what was shown, even if the operator changes the version meanwhile.
      signIn.keep(SHOWN, settings.termsVersion());
      form.setAttribute("terms", settings.termsShown());
    }
    signIn.show(form, "new-password.ftl");
  }

  private static List<Map<String, Object>> criteria(SignIn signIn, LoginFormsProvider form) {
    String kept = signIn.kept(MISSING);
    List<String> missing = kept == null ? List.of() : List.of(kept.split(","));
    signIn.keep(MISSING, "");
    return new NewPassword(signIn.session(), signIn.realm()).criteria(form, missing);
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    OwnerAccount account = signIn.provenAccount().orElseThrow();
    String email = signIn.kept("email");
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    Optional<OwnerAccount> holder = holder(signIn, email, password, form);
    if (holder.isPresent()) {
      MergePasswordScreen.merge(signIn, holder.get());
      return;
    }
    NewPassword.Verdict verdict =
        new NewPassword(signIn.session(), signIn.realm())
            .check(account.user(), email, password, confirmation(form));
    signIn.keep(MISSING, String.join(",", verdict.missing()));
    List<SignIn.Message> errors = new ArrayList<>();
    verdict.problems().forEach(problem -> errors.add(message(problem)));
    signIn.keepTyped("terms", form.getFirst("terms"));
    String version = new RealmSettings(signIn.realm()).termsVersion();
    boolean accepted =
        form.getFirst("terms") != null && version != null && version.equals(signIn.kept(SHOWN));
    if (version != null && !accepted) {
      signIn.keep("terms", "");
      errors.add(SignIn.error("terms", "termsMissing"));
    }
    if (!errors.isEmpty()) {
      signIn.say(errors.toArray(SignIn.Message[]::new));
      signIn.goTo(name());
      return;
    }
    begin(signIn, account, email, password);
  }

  /**
   * The personal account whose address and password these are already: then the activation is a
   * merge (spec, rule 5), and the criteria do not apply. Costs one hash in every case.
   */
  private static Optional<OwnerAccount> holder(
      SignIn signIn, String email, String password, MultivaluedMap<String, String> form) {
    // A limit of its own, which is told nobody, and each try counts, whosever the address is: one
    // that S6 shares, and that spares addresses without an account, would tell there who has one.
    SourceLimit source = SourceLimit.of(signIn.session(), signIn.realm(), "choosing", "any");
    boolean confirmed = password.equals(confirmation(form));
    if (password.isEmpty() || !confirmed) {
      return Optional.empty();
    }
    if (!source.admits(signIn.event())) {
      Passwords.spendOneHash(signIn.session(), signIn.realm());
      return Optional.empty();
    }
    EvenTime time = new EvenTime();
    PersonalCheck.Verdict verdict = signIn.personalCheck().check(email, password);
    if (verdict.right()) {
      source.succeeded();
    } else {
      time.waitForNextStep();
    }
    return verdict.account().filter(found -> verdict.right());
  }

  private static String confirmation(MultivaluedMap<String, String> form) {
    return Passwords.normalize(form.getFirst(NewPassword.CONFIRMATION));
  }

  private static SignIn.Message message(NewPassword.Problem problem) {
    return SignIn.error(problem.field(), problem.key(), problem.parameters().toArray(Long[]::new));
  }

  private static void begin(SignIn signIn, OwnerAccount account, String email, String password) {
    AuthenticationSessionModel authenticationSession = signIn.authenticationSession();
    String browserSecret = LinkSecret.generate();
    Activation.Sending sending =
        new Activation(signIn.session(), signIn.realm())
            .begin(
                signIn.proof(),
                account,
                email,
                password,
                browserSecret,
                authenticationSession.getClient().getClientId(),
                authenticationSession.getTabId());
    if (sending == Activation.Sending.ENDED) {
      signIn.goTo(SignIn.PASSWORD); // which says so
      return;
    }
    VerifyAddressScreen.markBrowser(signIn, browserSecret);
    if (sending == Activation.Sending.TOO_MANY) {
      signIn.say(SignIn.error(null, "mailTooMany"));
    }
    if (sending == Activation.Sending.SENT) {
      VerifyAddressScreen.logMail(signIn, account);
    }
    signIn.goTo(SignIn.VERIFY);
  }
}
