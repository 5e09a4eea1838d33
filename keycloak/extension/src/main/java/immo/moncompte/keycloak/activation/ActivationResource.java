package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.agency.Help;
import immo.moncompte.keycloak.password.Passwords;
import immo.moncompte.keycloak.throttle.SourceLimit;
import immo.moncompte.keycloak.throttle.Throttle;
import immo.moncompte.keycloak.web.ActivationCookie;
import immo.moncompte.keycloak.web.LoginLink;
import immo.moncompte.keycloak.web.OtherSession;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.util.CacheControlUtil;
import org.keycloak.services.util.LocaleUtil;

/**
 * The page that the link of M1 opens.
 *
 * <p>Opening it changes nothing, however often a mail scanner does so; only the button acts. In
 * another browser than the one that asked it also wants the password chosen at S4, so that a
 * mistyped address gives a stranger nothing (spec, rule 2).
 *
 * <p>Keycloak's own action tokens act on a GET and are not revoked when their handler answers with
 * a page, hence a resource and a link of our own.
 */
public final class ActivationResource implements RealmResourceProvider {

  private final KeycloakSession session;

  public ActivationResource(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public Object getResource() {
    return this;
  }

  @GET
  @Path("activation")
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    LocaleUtil.processLocaleParam(session, realm(), null);
    Optional<ActivationKey> key = ActivationKey.parse(typedKey);
    Optional<WaitingActivation> waiting = key.flatMap(activation()::find);
    if (waiting.isEmpty()) {
      return refused();
    }
    return page(waiting.get(), null);
  }

  @POST
  @Path("activation")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response confirm(@QueryParam("key") String typedKey, MultivaluedMap<String, String> form) {
    Optional<ActivationKey> key = ActivationKey.parse(typedKey);
    Optional<WaitingActivation> waiting = key.flatMap(activation()::find);
    if (waiting.isEmpty()) {
      return refused();
    }
    if (!isAskingBrowser(waiting.get())) {
      SourceLimit source =
          SourceLimit.of(session, realm(), "link", waiting.get().agency().getAlias());
      if (!source.admits(event())) {
        return page(waiting.get(), new FormMessage("password", "tooManyAttempts"));
      }
      if (!isRight(waiting.get(), form.getFirst("password"))) {
        logWrongPassword(waiting.get());
        return page(waiting.get(), new FormMessage("password", "passwordWrong"));
      }
      source.succeeded();
    }
    return use(key.orElseThrow(), waiting.get());
  }

  private Response use(ActivationKey key, WaitingActivation waiting) {
    PendingActivation pending = waiting.pending();
    ClientModel client = realm().getClientByClientId(pending.clientId());
    session.getContext().setClient(client);
    // Read before the account changes hands.
    String loginUrl = LoginLink.of(session, client, pending.tabId(), pending.email());
    Activation.Outcome outcome = activation().confirm(key);
    if (outcome == Activation.Outcome.ENDED) {
      return refused();
    }
    if (outcome == Activation.Outcome.ACTIVATED) {
      OtherSession.find(session, realm())
          .ifPresent(other -> OtherSession.end(session, realm(), other));
    }
    ActivationCookie.expire(session, realm());
    LoginFormsProvider page = form(waiting.agency());
    page.setAttribute("loginUrl", loginUrl);
    String template =
        outcome == Activation.Outcome.ACTIVATED ? "address-confirmed.ftl" : "address-taken.ftl";
    return uncached(page.createForm(template));
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
      guesses.succeeded(subject);
    }
    return right;
  }

  private void logWrongPassword(WaitingActivation waiting) {
    event()
        .event(EventType.VERIFY_EMAIL)
        .user(waiting.account().user())
        .detail("agency", waiting.agency().getCodes())
        .error(Errors.INVALID_USER_CREDENTIALS);
  }

  private EventBuilder event() {
    return new EventBuilder(realm(), session, session.getContext().getConnection());
  }

  private Response page(WaitingActivation waiting, FormMessage error) {
    LoginFormsProvider page = form(waiting.agency());
    page.setAttribute("identifier", waiting.writtenIdentifier());
    page.setAttribute("address", waiting.pending().email());
    page.setAttribute("passwordRequired", !isAskingBrowser(waiting));
    if (error != null) {
      page.addError(error);
    }
    return uncached(page.createForm("confirm-address.ftl"));
  }

  private Response refused() {
    LoginFormsProvider page = form(null);
    page.setAttribute("startUrl", new RealmSettings(realm()).entranceUrl());
    page.setStatus(Response.Status.NOT_FOUND);
    return uncached(page.createForm("link-refused.ftl"));
  }

  private LoginFormsProvider form(Agency agency) {
    LoginFormsProvider page = session.getProvider(LoginFormsProvider.class);
    URI self = session.getContext().getUri().getRequestUri();
    page.setAttribute("screen", Map.of("action", self.toString(), "links", Map.of()));
    page.setAttribute("agency", agency);
    page.setAttribute("help", Help.of(realm(), agency));
    page.setAttribute("values", Map.of());
    page.setAttribute(
        "otherSession",
        OtherSession.find(session, realm())
            .map(other -> other.getUser().getUsername())
            .orElse(null));
    return page;
  }

  private static Response uncached(Response page) {
    return Response.fromResponse(page).cacheControl(CacheControlUtil.noCache()).build();
  }

  private Activation activation() {
    return new Activation(session, realm());
  }

  private RealmModel realm() {
    return session.getContext().getRealm();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
