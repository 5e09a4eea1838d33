package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.PendingActivation;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.web.ActivationCookie;
import immo.moncompte.keycloak.web.LinkSecret;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;

/** S5: « Vérification de l'email », with the mail once more or the activation anew. */
final class VerifyAddressScreen implements Screen {

  /** Kept value that ties this visit to the activation it asked for. */
  private static final String BROWSER = "browser";

  @Override
  public String name() {
    return SignIn.VERIFY;
  }

  @Override
  public String instead(SignIn signIn) {
    String instead = Prerequisites.chosenAddress(signIn);
    if (instead != null) {
      return instead;
    }
    return pending(signIn).isEmpty() ? SignIn.PASSWORD : null;
  }

  @Override
  public void show(SignIn signIn) {
    LoginFormsProvider form = signIn.form(name(), SignIn.LOGIN);
    form.setAttribute("address", pending(signIn).orElseThrow().email());
    form.setAttribute(
        "resendIn", activation(signIn).cooldown(pending(signIn).orElseThrow()).toSeconds());
    signIn.show(form, "verify-address.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    if ("restart".equals(form.getFirst("action"))) {
      restart(signIn);
      return;
    }
    resend(signIn);
  }

  private static void restart(SignIn signIn) {
    Optional.ofNullable(signIn.proof()).ifPresent(activation(signIn)::restart);
    signIn.forgetProof();
    signIn.say(SignIn.info("activationRestarted"));
    signIn.goTo(SignIn.PROVISIONAL);
  }

  private void resend(SignIn signIn) {
    OwnerAccount account = signIn.provenAccount().orElseThrow();
    PendingActivation pending = pending(signIn).orElseThrow();
    Activation activation = activation(signIn);
    long wait = Math.max(1, activation.cooldown(pending).toSeconds() + 1);
    String browserSecret = LinkSecret.generate();
    switch (activation.resend(signIn.proof(), pending, browserSecret)) {
      case SENT -> {
        markBrowser(signIn, browserSecret);
        logMail(signIn, account);
        signIn.say(SignIn.success("mailSent"));
      }
      case COOLING_DOWN -> signIn.say(SignIn.info("mailCoolDown", wait));
      case TOO_MANY -> signIn.say(SignIn.error(null, "mailTooMany"));
      case ENDED -> {} // the next page says so
    }
    signIn.goTo(name());
  }

  /** Ties the activation to this visit, and to this browser for as long as the link lives. */
  static void markBrowser(SignIn signIn, String browserSecret) {
    signIn.keep(BROWSER, LinkSecret.hash(browserSecret));
    ActivationCookie.set(signIn.session(), signIn.realm(), browserSecret);
  }

  static void logMail(SignIn signIn, OwnerAccount account) {
    signIn
        .event()
        .event(EventType.SEND_VERIFY_EMAIL)
        .user(account.user())
        .detail("agency", signIn.agency().map(Agency::getCodes).orElse(null))
        .success();
  }

  private static Activation activation(SignIn signIn) {
    return new Activation(signIn.session(), signIn.realm());
  }

  /** What waits on the account, if it is the activation this visitor asked for. */
  private static Optional<PendingActivation> pending(SignIn signIn) {
    return signIn
        .provenAccount()
        .flatMap(PendingActivation::of)
        .filter(pending -> pending.browserHash().equals(signIn.kept(BROWSER)));
  }
}
