package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.activation.MailedActivationPage;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.agency.AgencyCodes;
import immo.moncompte.keycloak.reset.ForgottenPassword;
import immo.moncompte.keycloak.reset.ResetPage;
import immo.moncompte.keycloak.throttle.MailLimits;
import immo.moncompte.keycloak.throttle.Source;
import immo.moncompte.keycloak.throttle.Throttle;
import immo.moncompte.keycloak.web.LinkKey;
import immo.moncompte.keycloak.web.LoginLink;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.common.ClientConnection;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;

/**
 * S9: « Mot de passe oublié ». What is refused here is what was left out or mistyped; nothing is
 * looked up but the agency's codes, which are no secret.
 */
final class ForgottenScreen implements Screen {

  private static final String LOGIN_FIELD = "login";

  @Override
  public String name() {
    return SignIn.FORGOTTEN;
  }

  @Override
  public void show(SignIn signIn) {
    if (signIn.kept(LOGIN_FIELD) == null) {
      suggest(signIn);
    }
    LoginFormsProvider form = signIn.form(name(), SignIn.LOGIN);
    form.setAttribute("codesAsked", signIn.agency().isEmpty());
    signIn.show(form, "forgotten.ftl");
  }

  /** What was typed at S6, or else at S7. */
  private static void suggest(SignIn signIn) {
    Stream.of("username", "merge-email")
        .map(signIn::kept)
        .filter(typed -> !isBlank(typed))
        .findFirst()
        .ifPresent(typed -> signIn.keepTyped(LOGIN_FIELD, typed));
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    String typed = form.getFirst(LOGIN_FIELD);
    signIn.keepTyped(LOGIN_FIELD, typed);
    signIn.keepTyped("client", form.getFirst("client"));
    signIn.keepTyped("societe", form.getFirst("societe"));
    Optional<String> address = Addresses.parse(typed);
    Optional<Agency> agency = agency(signIn, form);
    Optional<SignIn.Message> mistake = mistake(typed, address, agency, form);
    if (mistake.isPresent()) {
      signIn.say(mistake.get());
      signIn.goTo(name());
      return;
    }
    if (!admits(signIn)) {
      signIn.say(SignIn.error(null, "mailTooMany"));
      signIn.goTo(name());
      return;
    }
    ask(
        signIn,
        address.orElse(null),
        agency.flatMap(known -> Identifier.parse(known.getAlias(), typed)).orElse(null));
    signIn.keep(ForgottenSentScreen.ASKED, "true");
    signIn.goTo(SignIn.FORGOTTEN_SENT);
  }

  /** The agency of the sign-in, or that of the codes typed, which only an identifier needs. */
  private static Optional<Agency> agency(SignIn signIn, MultivaluedMap<String, String> form) {
    return signIn
        .agency()
        .or(
            () ->
                AgencyCodes.parse(form.getFirst("client"), form.getFirst("societe"))
                    .flatMap(codes -> Agency.find(signIn.session(), codes)));
  }

  private static Optional<SignIn.Message> mistake(
      String typed,
      Optional<String> address,
      Optional<Agency> agency,
      MultivaluedMap<String, String> form) {
    if (isBlank(typed)) {
      return Optional.of(SignIn.error(LOGIN_FIELD, "loginMissing"));
    }
    if (address.isPresent() || agency.isPresent()) {
      return Optional.empty();
    }
    if (typed.contains("@")) {
      return Optional.of(SignIn.error(LOGIN_FIELD, "emailInvalid"));
    }
    boolean clientMissing = isBlank(form.getFirst("client"));
    if (clientMissing || isBlank(form.getFirst("societe"))) {
      String missing = clientMissing ? "client" : "societe";
      return Optional.of(SignIn.error(missing, "forgottenCodesMissing"));
    }
    return Optional.of(SignIn.error("client", "codesUnknown"));
  }

  /** The one limit that an answer may tell: it is about the visitor, and about no account. */
  private static boolean admits(SignIn signIn) {
    String source = Source.of(signIn.session().getContext().getConnection());
    Throttle.Admission admission =
        MailLimits.ofMailsNotTold(signIn.session(), signIn.realm()).admitSource(source);
    if (admission == Throttle.Admission.FIRST_BEYOND) {
      signIn.event().event(EventType.SEND_RESET_PASSWORD).error("source_throttled");
    }
    return admission == Throttle.Admission.PASSES;
  }

  private static void ask(SignIn signIn, String address, Identifier identifier) {
    ClientModel client = signIn.authenticationSession().getClient();
    ClientConnection connection = signIn.session().getContext().getConnection();
    ForgottenPassword.ask(
        signIn.session(),
        signIn.realm(),
        new ForgottenPassword.Request(
            address,
            identifier,
            client.getClientId(),
            signIn.session().getContext().resolveLocale(null).toLanguageTag(),
            connection.getRemoteHost(),
            LinkKey.pageAddress(signIn.session(), ResetPage.PATH),
            LinkKey.pageAddress(signIn.session(), MailedActivationPage.PATH),
            Objects.toString(LoginLink.addressOf(signIn.session(), client), null)));
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
