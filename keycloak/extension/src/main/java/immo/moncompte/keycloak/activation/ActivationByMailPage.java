package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.password.NewPassword;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the link of an activation by mail opens: S4 for an owner without the letter.
 *
 * <p>The link went to the suggested address, so it proves the mailbox. The page asks for no
 * provisional password and no address, and no S5 follows.
 */
public final class ActivationByMailPage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "activate";

  private static final String TERMS = "terms";
  private static final String TERMS_SHOWN = "terms-version";

  public ActivationByMailPage(KeycloakSession session) {
    super(session, MailLink.Kind.ACTIVATION_BY_MAIL, PATH);
  }

  @Override
  protected Response show(Found found) {
    return PendingActivation.of(session(), found)
        .map(pending -> form(pending, false, List.of(), List.of()))
        .orElseGet(this::refused);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    Optional<PendingActivation> pending = PendingActivation.of(session(), found);
    if (pending.isEmpty()) {
      return refused();
    }
    NewPassword.Verdict verdict =
        new NewPassword(session(), realm())
            .check(found.account().user(), pending.get().email(), form);
    List<FormMessage> errors = new ArrayList<>(verdict.messages());
    String version = RealmSettings.termsVersion(realm());
    boolean ticked = form.getFirst(TERMS) != null;
    // Consent is to what was shown, even if the operator changes the version meanwhile.
    if (version != null && !(ticked && version.equals(form.getFirst(TERMS_SHOWN)))) {
      errors.add(new FormMessage(TERMS, "termsMissing"));
    }
    if (!errors.isEmpty()) {
      return form(pending.get(), ticked, errors, verdict.missing());
    }
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    return use(key, pending.get(), password, version);
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
    }
    LoginFormsProvider form = form(pending.agency());
    form.setAttribute("loginUrl", loginUrl);
    return page(form, isActivated ? "address-confirmed.ftl" : "address-taken.ftl");
  }

  private Response form(
      PendingActivation pending,
      boolean termsTicked,
      List<FormMessage> errors,
      List<String> missingCriteria) {
    LoginFormsProvider form = form(pending.agency());
    warnOfOtherSession(form, null);
    form.setAttribute("identifier", pending.writtenIdentifier());
    form.setAttribute("address", EmailAddress.shown(pending.email()));
    form.setAttribute("values", termsTicked ? Map.of(TERMS, "on") : Map.of());
    form.setAttribute(
        "criteria", new NewPassword(session(), realm()).criteria(form, missingCriteria));
    form.setAttribute(TERMS, RealmSettings.termsShown(realm()));
    errors.forEach(form::addError);
    return page(form, "activate-by-mail.ftl");
  }
}
