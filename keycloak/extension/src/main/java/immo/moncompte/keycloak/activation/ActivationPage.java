package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.ActivationCookie;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.OtherSession;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.core.Throttle;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the link of M1 opens.
 *
 * <p>In another browser than the one that asked it also wants the password chosen at S4, so that a
 * mistyped address gives a stranger nothing (spec, rule 2).
 */
public final class ActivationPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  static final String PATH = "activation";

  private final LinkPage page;
  private final KeycloakSession session;

  public ActivationPage(LinkPage page) {
    this.page = page;
    this.session = page.session();
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    Optional<WaitingActivation> waiting = page.waiting(typedKey, activation()::find);
    if (waiting.isEmpty()) {
      return page.refused(PATH);
    }
    return confirmation(waiting.get(), null);
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response confirm(@QueryParam("key") String typedKey, MultivaluedMap<String, String> form) {
    Optional<LinkKey> key = LinkKey.parse(typedKey);
    Optional<WaitingActivation> waiting = page.waiting(typedKey, activation()::find);
    if (waiting.isEmpty()) {
      return page.refused(PATH);
    }
    if (!isAskingBrowser(waiting.get())) {
      SourceLimit source =
          SourceLimit.of(session, realm(), "link", waiting.get().agency().getAlias());
      if (!source.admits(page.event())) {
        return confirmation(waiting.get(), new FormMessage("password", "tooManyAttempts"));
      }
      if (!isRight(waiting.get(), form.getFirst("password"))) {
        logWrongPassword(waiting.get());
        return confirmation(waiting.get(), new FormMessage("password", "passwordWrong"));
      }
      source.refund();
    }
    return use(key.orElseThrow(), waiting.get());
  }

  private Response use(LinkKey key, WaitingActivation waiting) {
    PendingActivation pending = waiting.pending();
    ClientModel client = realm().getClientByClientId(pending.clientId());
    session.getContext().setClient(client);
    // Read before the account changes hands.
    String loginUrl = LoginLink.of(session, client, pending.tabId(), pending.email());
    Activation.Outcome outcome = activation().confirm(key);
    if (outcome == Activation.Outcome.ENDED) {
      return page.refused(PATH);
    }
    if (outcome == Activation.Outcome.ACTIVATED) {
      OtherSession.find(session, realm())
          .ifPresent(other -> OtherSession.end(session, realm(), other));
    }
    ActivationCookie.expire(session, realm());
    LoginFormsProvider form = page.form(waiting.agency());
    form.setAttribute("loginUrl", loginUrl);
    form.setAttribute("mergeUrl", key.url(session, Activation.MERGE_PATH));
    String template =
        outcome == Activation.Outcome.ACTIVATED ? "address-confirmed.ftl" : "address-taken.ftl";
    return page.show(form, template);
  }

  private boolean isAskingBrowser(WaitingActivation waiting) {
    return LinkSecret.matches(ActivationCookie.read(session), waiting.pending().browserHash());
  }

  /** Whether this is the password chosen at S4; one hash is computed in every case. */
  private boolean isRight(WaitingActivation waiting, String typed) {
    OwnerAccount account = waiting.account();
    Throttle guesses = new Throttle(session, realm());
    String subject = "link-of:" + account.id();
    Optional<CredentialModel> chosen = account.credential(OwnerAccount.PENDING_PASSWORD);
    if (!guesses.admits(subject, realm().getFailureFactor()) || chosen.isEmpty()) {
      Passwords.spendOneHash(session, realm());
      return false;
    }
    boolean right =
        Passwords.verify(
            session,
            Passwords.normalize(typed),
            PasswordCredentialModel.createFromCredentialModel(chosen.get()));
    if (right) {
      guesses.refund(subject);
    }
    return right;
  }

  private void logWrongPassword(WaitingActivation waiting) {
    page.event()
        .event(EventType.VERIFY_EMAIL)
        .user(waiting.account().user())
        .detail("agency", waiting.agency().getCodes())
        .error(Errors.INVALID_USER_CREDENTIALS);
  }

  private Response confirmation(WaitingActivation waiting, FormMessage error) {
    LoginFormsProvider form = page.form(waiting.agency());
    form.setAttribute("identifier", waiting.writtenIdentifier());
    form.setAttribute("address", waiting.pending().email());
    form.setAttribute("passwordRequired", !isAskingBrowser(waiting));
    if (error != null) {
      form.addError(error);
    }
    return page.show(form, "confirm-address.ftl");
  }

  private Activation activation() {
    return new Activation(session, realm());
  }

  private RealmModel realm() {
    return page.realm();
  }
}
