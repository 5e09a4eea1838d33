package immo.moncompte.keycloak.signin;

import static immo.moncompte.keycloak.core.Message.error;
import static org.keycloak.utils.StringUtil.isBlank;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.MailLimits;
import immo.moncompte.keycloak.core.Message;
import immo.moncompte.keycloak.core.Origin;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.core.Source;
import immo.moncompte.keycloak.core.Throttle;
import immo.moncompte.keycloak.core.TypedCodes;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * S9: « Mot de passe oublié ». Refuses only what is missing or malformed. It looks up nothing but
 * the agency's codes, which are not secret.
 */
final class ForgottenScreen extends Screen {

  private static final String LOGIN_FIELD = "login";

  ForgottenScreen() {
    super(SignIn.FORGOTTEN, "forgotten.ftl", SignIn.LOGIN);
  }

  @Override
  public void show(SignIn visit) {
    if (visit.kept(LOGIN_FIELD) == null) {
      suggest(visit);
    }
    super.show(visit);
  }

  @Override
  protected void fill(SignIn visit, LoginFormsProvider form) {
    form.setAttribute("codesAsked", visit.agency().isEmpty());
  }

  /** What was typed at S6 or S7. */
  private static void suggest(SignIn visit) {
    Stream.of("username", "merge-email")
        .map(visit::kept)
        .filter(typed -> !isBlank(typed))
        .findFirst()
        .ifPresent(typed -> visit.keepTyped(LOGIN_FIELD, typed));
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    String typed = form.getFirst(LOGIN_FIELD);
    visit.keepTyped(LOGIN_FIELD, typed);
    TypedCodes codes = TypedCodes.in(form);
    visit.keepTyped(codes);
    Optional<String> address = EmailAddress.parse(typed);
    // Only an identifier needs an agency.
    Optional<Agency> agency = visit.agency().or(() -> codes.agency(visit.session()));
    Optional<Message> mistake = mistake(typed, address, agency, codes);
    if (mistake.isPresent()) {
      visit.goTo(name(), mistake.get());
      return;
    }
    if (!admits(visit)) {
      visit.goTo(name(), error(null, "mailTooMany"));
      return;
    }
    String browserSecret = BrowserCookie.FORGOTTEN.mark(visit.session());
    Origin origin = Origin.of(visit.session(), visit.authenticationSession().getClient(), null);
    ForgottenPassword.ask(
        visit.session(),
        new ForgottenPassword.Request(
            address.orElse(null),
            agency.flatMap(known -> Identifier.parse(known.getAlias(), typed)).orElse(null),
            LinkSecret.hash(browserSecret),
            origin));
    visit.keep(ForgottenSentScreen.ASKED, "true");
    visit.goTo(SignIn.FORGOTTEN_SENT);
  }

  private static Optional<Message> mistake(
      String typed, Optional<String> address, Optional<Agency> agency, TypedCodes codes) {
    if (isBlank(typed)) {
      return Optional.of(error(LOGIN_FIELD, "loginMissing"));
    }
    if (address.isPresent() || agency.isPresent()) {
      return Optional.empty();
    }
    if (typed.contains("@")) {
      return Optional.of(error(LOGIN_FIELD, EmailAddress.refusal(typed)));
    }
    return Optional.of(codes.refusal("forgottenCodesMissing"));
  }

  /**
   * The only limit that the answer may reveal, because it is about the visitor and not about an
   * account.
   */
  private static boolean admits(SignIn visit) {
    String source = Source.of(visit.session());
    Throttle.Admission admission =
        MailLimits.forSilentMails(visit.session(), visit.realm()).admitSource(source);
    if (admission == Throttle.Admission.FIRST_BEYOND) {
      visit.event().event(EventType.SEND_RESET_PASSWORD).error("source_throttled");
    }
    return admission == Throttle.Admission.PASSES;
  }
}
