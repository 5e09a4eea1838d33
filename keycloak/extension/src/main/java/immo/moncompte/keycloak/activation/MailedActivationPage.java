package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.OtherSession;
import immo.moncompte.keycloak.password.NewPassword;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.FormMessage;

/**
 * S4 behind a link that went to the address the agency holds: the mailbox is proved, so no
 * provisional password is asked for, no address can be chosen and no S5 follows.
 */
public final class MailedActivationPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "activate";

  private static final String TERMS = "terms";
  private static final String TERMS_SHOWN = "terms-version";

  private final LinkPage page;
  private final KeycloakSession session;

  public MailedActivationPage(LinkPage page) {
    this.page = page;
    this.session = page.session();
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    Optional<WaitingMailed> waiting = waiting(typedKey);
    return waiting.isEmpty()
        ? page.refused(PATH)
        : form(waiting.get(), false, List.of(), List.of());
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response activate(
      @QueryParam("key") String typedKey, MultivaluedMap<String, String> form) {
    Optional<WaitingMailed> waiting = waiting(typedKey);
    if (waiting.isEmpty()) {
      return page.refused(PATH);
    }
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    NewPassword.Verdict verdict =
        new NewPassword(session, realm())
            .check(
                waiting.get().account().user(),
                waiting.get().link().email(),
                password,
                Passwords.normalize(form.getFirst(NewPassword.CONFIRMATION)));
    List<FormMessage> errors = new ArrayList<>(verdict.messages());
    String version = new RealmSettings(realm()).termsVersion();
    boolean ticked = form.getFirst(TERMS) != null;
    // Consent is to what was shown, even if the operator changes the version meanwhile.
    if (version != null && !(ticked && version.equals(form.getFirst(TERMS_SHOWN)))) {
      errors.add(new FormMessage(TERMS, "termsMissing"));
    }
    if (!errors.isEmpty()) {
      return form(waiting.get(), ticked, errors, verdict.missing());
    }
    return use(LinkKey.parse(typedKey).orElseThrow(), waiting.get(), password, version);
  }

  private Response use(LinkKey key, WaitingMailed waiting, String password, String termsVersion) {
    // Read before the account changes hands.
    String loginUrl =
        LoginLink.ofApplication(
            session,
            realm().getClientByClientId(waiting.link().clientId()),
            waiting.link().email());
    Activation.Outcome outcome =
        new MailedActivation(session, realm()).confirm(key, password, termsVersion);
    if (outcome == Activation.Outcome.ENDED) {
      return page.refused(PATH);
    }
    if (outcome == Activation.Outcome.ACTIVATED) {
      OtherSession.find(session, realm())
          .ifPresent(other -> OtherSession.end(session, realm(), other));
    }
    LoginFormsProvider form = page.form(waiting.agency());
    form.setAttribute("otherSession", null);
    form.setAttribute("loginUrl", loginUrl);
    String template =
        outcome == Activation.Outcome.ACTIVATED ? "address-confirmed.ftl" : "address-taken.ftl";
    return page.show(form, template);
  }

  private Optional<WaitingMailed> waiting(String typedKey) {
    return page.waiting(typedKey, new MailedActivation(session, realm())::find);
  }

  private Response form(
      WaitingMailed waiting,
      boolean termsTicked,
      List<FormMessage> errors,
      List<String> missingCriteria) {
    LoginFormsProvider form = page.form(waiting.agency());
    form.setAttribute("identifier", waiting.writtenIdentifier());
    form.setAttribute("address", waiting.link().email());
    form.setAttribute("values", termsTicked ? Map.of(TERMS, "on") : Map.of());
    form.setAttribute(
        "criteria", new NewPassword(session, realm()).criteria(form, missingCriteria));
    form.setAttribute(TERMS, new RealmSettings(realm()).termsShown());
    errors.forEach(form::addError);
    return page.show(form, "activate-by-mail.ftl");
  }

  private RealmModel realm() {
    return page.realm();
  }
}
