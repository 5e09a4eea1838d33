package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.DeviceCookie;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.core.Throttle;
import immo.moncompte.keycloak.password.NewPassword;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the link of an activation by mail opens: S4 for an owner without the letter.
 *
 * <p>The link went to the suggested address, so it proves the mailbox. The page asks for no
 * provisional password and no address, and no S5 follows. In another browser than the one that
 * asked at S9, it asks for the identifier: the address may be somebody else's by now
 * (specification, rule 2).
 */
public final class ActivationByMailPage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "activate";

  private static final String IDENTIFIER = "identifier";
  private static final String TERMS = "terms";
  private static final String TERMS_SHOWN = "terms-version";

  public ActivationByMailPage(KeycloakSession session) {
    super(session, MailLink.Kind.ACTIVATION_BY_MAIL, PATH);
  }

  @Override
  protected Response show(Found found) {
    return PendingActivation.of(session(), found)
        .map(pending -> form(pending, Map.of(), List.of(), List.of()))
        .orElseGet(this::refused);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    Optional<PendingActivation> pending = PendingActivation.of(session(), found);
    if (pending.isEmpty()) {
      return refused();
    }
    boolean ticked = form.getFirst(TERMS) != null;
    Map<String, String> typed = new HashMap<>(ticked ? Map.of(TERMS, "on") : Map.of());
    if (asksIdentifier(pending.get())) {
      String identifier = Objects.requireNonNullElse(form.getFirst(IDENTIFIER), "");
      typed.put(IDENTIFIER, identifier);
      String refusal = refusal(pending.get(), identifier);
      if (refusal != null) {
        List<FormMessage> errors = List.of(new FormMessage(IDENTIFIER, refusal));
        return form(pending.get(), typed, errors, List.of());
      }
    }
    NewPassword.Verdict verdict =
        new NewPassword(session(), realm())
            .check(found.account().user(), pending.get().email(), form);
    List<FormMessage> errors = new ArrayList<>(verdict.messages());
    String version = RealmSettings.termsVersion(realm());
    // Consent is to what was shown, even if the operator changes the version meanwhile.
    if (version != null && !(ticked && version.equals(form.getFirst(TERMS_SHOWN)))) {
      errors.add(new FormMessage(TERMS, "termsMissing"));
    }
    if (!errors.isEmpty()) {
      return form(pending.get(), typed, errors, verdict.missing());
    }
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    return use(key, pending.get(), password, version);
  }

  private boolean asksIdentifier(PendingActivation pending) {
    return !BrowserCookie.FORGOTTEN.isOf(session(), pending.link());
  }

  /**
   * Why the identifier that was typed is refused, as key of a message; null when it is right.
   * Guesses are counted per source and agency, and per link (specification, rule 8).
   */
  private String refusal(PendingActivation pending, String typed) {
    SourceLimit source = SourceLimit.of(session(), realm(), "link", pending.agency().getAlias());
    Throttle guesses = new Throttle(session(), realm());
    String subject = "link:" + pending.link().hash();
    if (!source.admits(event()) || !guesses.admits(subject, realm().getFailureFactor())) {
      return "tooManyAttempts";
    }
    boolean isRight =
        Identifier.parse(pending.agency().getAlias(), typed)
            .flatMap(identifier -> Accounts.findByIdentifier(session(), realm(), identifier))
            .filter(found -> found.id().equals(pending.account().id()))
            .isPresent();
    if (!isRight) {
      event()
          .event(EventType.VERIFY_EMAIL)
          .user(pending.account().user())
          .detail("agency", pending.agency().getCodes())
          .error(Errors.INVALID_USER_CREDENTIALS);
      return "identifierWrong";
    }
    guesses.refund(subject);
    source.refund();
    return null;
  }

  private Response use(
      LinkKey key, PendingActivation pending, String password, String termsVersion) {
    ClientModel client = realm().getClientByClientId(pending.link().clientId());
    String loginUrl = LoginLink.ofApplication(session(), client, pending.email());
    Optional<Activation.Outcome> outcome =
        new Activation(session(), realm()).confirmByMail(key, password, termsVersion);
    if (outcome.isEmpty()) {
      return refused();
    }
    boolean isActivated = outcome.get() == Activation.Outcome.ACTIVATED;
    if (isActivated) {
      endOtherSession();
      new DeviceCookie(session(), realm())
          .remember(RowLock.reread(session(), realm(), key.userId()));
    }
    LoginFormsProvider form = form(pending.agency());
    form.setAttribute("loginUrl", loginUrl);
    return page(form, isActivated ? "address-confirmed.ftl" : "address-taken.ftl");
  }

  private Response form(
      PendingActivation pending,
      Map<String, String> typed,
      List<FormMessage> errors,
      List<String> missingCriteria) {
    LoginFormsProvider form = form(pending.agency());
    warnOfOtherSession(form, null);
    form.setAttribute(IDENTIFIER, asksIdentifier(pending) ? null : pending.writtenIdentifier());
    form.setAttribute("address", EmailAddress.shown(pending.email()));
    form.setAttribute("values", typed);
    form.setAttribute(
        "criteria", new NewPassword(session(), realm()).criteria(form, missingCriteria));
    form.setAttribute(TERMS, RealmSettings.termsShown(realm()));
    errors.forEach(form::addError);
    return page(form, "activate-by-mail.ftl");
  }
}
