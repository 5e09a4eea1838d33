package immo.moncompte.keycloak.activation;

import static immo.moncompte.keycloak.core.Message.error;
import static immo.moncompte.keycloak.core.Message.info;
import static immo.moncompte.keycloak.core.Message.success;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * S5: « Vérification de l'email ». Says where the mail goes or that none may leave now, sends it
 * again, or lets the owner begin again. The address itself is verified by {@link ActivationPage}.
 */
public final class MailSentScreen extends Screen {

  /** Name of the kept value that ties this visit to the activation it asked for. */
  private static final String BROWSER = "browser";

  public MailSentScreen() {
    super(SignIn.VERIFY, "verify-address.ftl", SignIn.LOGIN);
  }

  @Override
  public String instead(SignIn visit) {
    String instead = ProvenCredentials.screenInsteadAfterAddress(visit);
    if (instead != null) {
      return instead;
    }
    if (pending(visit).isPresent()) {
      return null;
    }
    if (visit.kept(BROWSER) != null) {
      visit.say(info("activationReplaced")); // from another browser
    }
    return SignIn.PASSWORD;
  }

  @Override
  protected void fill(SignIn visit, LoginFormsProvider form) {
    form.setAttribute(
        "address", EmailAddress.shown(pending(visit).orElseThrow().get(MailLink.TARGET)));
    form.setAttribute(
        "resendIn", activation(visit).cooldown(pending(visit).orElseThrow()).toSeconds());
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    if ("restart".equals(form.getFirst("action"))) {
      restart(visit);
      return;
    }
    resend(visit);
  }

  private static void restart(SignIn visit) {
    Optional.ofNullable(ProvenCredentials.proof(visit)).ifPresent(activation(visit)::restart);
    ProvenCredentials.forget(visit);
    visit.goTo(SignIn.PROVISIONAL, info("activationRestarted"));
  }

  private void resend(SignIn visit) {
    OwnerAccount account = ProvenCredentials.account(visit).orElseThrow();
    MailLink pending = pending(visit).orElseThrow();
    Activation activation = activation(visit);
    long wait = activation.cooldown(pending).toSeconds() + 1;
    String browserSecret = LinkSecret.generate();
    switch (activation.resend(ProvenCredentials.proof(visit), pending, browserSecret)) {
      case SENT -> {
        markBrowser(visit, browserSecret);
        logMail(visit, account);
        visit.say(success("mailSent"));
      }
      case COOLING_DOWN -> visit.say(info("mailCoolDown", wait));
      case TOO_MANY -> visit.say(error(null, "mailTooMany"));
      case ENDED -> {} // S2, S4 or S6 says it
    }
    visit.goTo(name());
  }

  /** Ties the activation to this visit, and to this browser for as long as the link lives. */
  static void markBrowser(SignIn visit, String browserSecret) {
    visit.keep(BROWSER, LinkSecret.hash(browserSecret));
    BrowserCookie.ACTIVATION.set(visit.session(), browserSecret);
  }

  static void logMail(SignIn visit, OwnerAccount account) {
    visit
        .event()
        .event(EventType.SEND_VERIFY_EMAIL)
        .user(account.user())
        .detail(
            "agency",
            AgencyCodes.ofAlias(ProvenCredentials.proof(visit).agencyAlias())
                .orElseThrow()
                .toString())
        .success();
  }

  private static Activation activation(SignIn visit) {
    return new Activation(visit.session(), visit.realm());
  }

  /** The link of the pending activation of the account, if this visitor asked for it. */
  private static Optional<MailLink> pending(SignIn visit) {
    return ProvenCredentials.account(visit)
        .flatMap(activation(visit)::pending)
        .filter(pending -> pending.get(MailLink.BROWSER).equals(visit.kept(BROWSER)));
  }
}
