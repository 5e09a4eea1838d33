package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.password.PasswordLogin;
import immo.moncompte.keycloak.password.PasswordLogin.Attempt;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the link in the mail to a new address opens.
 *
 * <p>In another browser than the one that asked, it also asks for the account's password, so that a
 * mistyped address gives a stranger nothing (specification, rule 2).
 */
public final class AddressPage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "address";

  public AddressPage(KeycloakSession session) {
    super(session, MailLink.Kind.ADDRESS, PATH);
  }

  @Override
  protected Response show(Found found) {
    return confirmation(found, null);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    if (!BrowserCookie.ADDRESS.isOf(session(), found.link())) {
      Attempt attempt =
          new PasswordLogin(session(), realm(), this::event, "address-confirmation")
              .attempt(
                  found.account(), Passwords.normalize(form.getFirst("password")), "passwordWrong");
      if (attempt.isRefused()) {
        return confirmation(found, attempt.refusal());
      }
    }
    return use(key, found);
  }

  private Response use(LinkKey key, Found found) {
    session().getContext().setClient(realm().getClientByClientId(found.link().clientId()));
    Optional<AddressChange.Outcome> outcome = new AddressChange(session(), realm()).confirm(key);
    if (outcome.isEmpty()) {
      return refused();
    }
    BrowserCookie.ADDRESS.expire(session(), found.link());
    boolean isChanged = outcome.get() == AddressChange.Outcome.CHANGED;
    if (isChanged) {
      endSessions(found);
    }
    LoginFormsProvider form = addressForm(found);
    form.setAttribute(
        "loginUrl",
        LoginLink.ofApplication(
            session(), session().getContext().getClient(), found.link().get(MailLink.TARGET)));
    return page(form, isChanged ? "address-changed.ftl" : "new-address-taken.ftl");
  }

  /** Ends somebody else's session in this browser, and the owner's but the one that asked. */
  private void endSessions(Found found) {
    Sessions.ofBrowser(session(), realm())
        .filter(other -> !other.getUser().getId().equals(found.account().id()))
        .ifPresent(other -> Sessions.endOfBrowser(session(), realm(), other));
    String kept = found.link().get(AddressChange.SESSION);
    Sessions.endOthers(session(), realm(), found.account().user(), kept);
  }

  private Response confirmation(Found found, String error) {
    LoginFormsProvider form = addressForm(found);
    form.setAttribute("maskedAddress", EmailAddress.masked(found.account().user().getEmail()));
    form.setAttribute("passwordRequired", !BrowserCookie.ADDRESS.isOf(session(), found.link()));
    if (error != null) {
      form.addError(new FormMessage("password", error));
    }
    return page(form, "confirm-new-address.ftl");
  }

  private LoginFormsProvider addressForm(Found found) {
    LoginFormsProvider form = form(null);
    form.setAttribute("address", EmailAddress.shown(found.link().get(MailLink.TARGET)));
    warnOfOtherSession(form, found.account().user());
    return form;
  }
}
