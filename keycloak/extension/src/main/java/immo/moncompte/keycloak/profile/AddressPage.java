package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.OtherSession;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.password.PasswordLogin;
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
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the link in the mail to a new address opens.
 *
 * <p>In another browser than the one that asked it also wants the account's password, so that a
 * mistyped address gives a stranger nothing (spec, rule 2).
 */
public final class AddressPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  static final String PATH = "address";

  static final BrowserCookie COOKIE = new BrowserCookie("MONCOMPTE_ADDRESS");

  private final LinkPage page;
  private final KeycloakSession session;

  public AddressPage(LinkPage page) {
    this.page = page;
    this.session = page.session();
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    Optional<AddressChange.Waiting> waiting = page.waiting(typedKey, change()::find);
    return waiting.isEmpty() ? refused() : confirmation(waiting.get(), null);
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response confirm(@QueryParam("key") String typedKey, MultivaluedMap<String, String> form) {
    Optional<LinkKey> key = LinkKey.parse(typedKey);
    Optional<AddressChange.Waiting> waiting = page.waiting(typedKey, change()::find);
    if (waiting.isEmpty()) {
      return refused();
    }
    if (!isAskingBrowser(waiting.get())) {
      PasswordLogin check =
          new PasswordLogin(session, realm(), page::event, "address-confirmation");
      SourceLimit source = check.source();
      if (!source.admits(page.event())) {
        return confirmation(waiting.get(), new FormMessage("password", "tooManyAttempts"));
      }
      String password = Passwords.normalize(form.getFirst("password"));
      if (!check.isVerified(waiting.get().account(), password)) {
        return confirmation(waiting.get(), new FormMessage("password", "passwordWrong"));
      }
      source.refund();
    }
    return use(key.orElseThrow(), waiting.get());
  }

  private Response use(LinkKey key, AddressChange.Waiting waiting) {
    PendingAddress pending = waiting.pending();
    session.getContext().setClient(realm().getClientByClientId(pending.clientId()));
    AddressChange.Outcome outcome = change().confirm(key);
    if (outcome == AddressChange.Outcome.ENDED) {
      return refused();
    }
    COOKIE.expire(session, realm());
    boolean changed = outcome == AddressChange.Outcome.CHANGED;
    if (changed) {
      otherSession(waiting.account()).ifPresent(other -> OtherSession.end(session, realm(), other));
      Sessions.endOthers(session, realm(), waiting.account().user(), pending.sessionId());
    }
    LoginFormsProvider form = form(waiting);
    form.setAttribute(
        "loginUrl",
        LoginLink.ofApplication(session, session.getContext().getClient(), pending.email()));
    return page.show(form, changed ? "address-changed.ftl" : "new-address-taken.ftl");
  }

  private Response confirmation(AddressChange.Waiting waiting, FormMessage error) {
    LoginFormsProvider form = form(waiting);
    form.setAttribute("maskedAddress", Addresses.masked(waiting.account().user().getEmail()));
    form.setAttribute("passwordRequired", !isAskingBrowser(waiting));
    if (error != null) {
      form.addError(error);
    }
    return page.show(form, "confirm-new-address.ftl");
  }

  private LoginFormsProvider form(AddressChange.Waiting waiting) {
    LoginFormsProvider form = page.form(null);
    form.setAttribute("address", waiting.pending().email());
    form.setAttribute(
        "otherSession",
        otherSession(waiting.account()).map(other -> other.getUser().getUsername()).orElse(null));
    return form;
  }

  /** The session of somebody else in this browser (spec, rule 14). */
  private Optional<UserSessionModel> otherSession(OwnerAccount account) {
    return OtherSession.find(session, realm())
        .filter(other -> !other.getUser().getId().equals(account.id()));
  }

  private boolean isAskingBrowser(AddressChange.Waiting waiting) {
    return LinkSecret.matches(COOKIE.read(session), waiting.pending().browserHash());
  }

  private Response refused() {
    return page.refused(PATH);
  }

  private AddressChange change() {
    return new AddressChange(session, realm());
  }

  private RealmModel realm() {
    return page.realm();
  }
}
