package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.LoginLink;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;

/**
 * « Mot de passe réinitialisé », and the way back to the application the owner came from.
 *
 * <p>The header {@code Refresh} sends the browser there without a script. The page says so, and the
 * owner can stop it (WCAG 2.2.1) or go at once.
 */
public final class ResetDonePage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}; of its own, so that it can be reloaded. */
  public static final String PATH = ResetPage.PATH + "/done";

  private static final int SECONDS_BEFORE_REDIRECT = 10;

  public ResetDonePage(KeycloakSession session) {
    super(session, MailLink.Kind.RESET_DONE, ResetPage.PATH);
  }

  @Override
  protected Response show(Found found) {
    MultivaluedMap<String, String> query = session().getContext().getUri().getQueryParameters();
    String loginUrl = loginUrl(found);
    LoginFormsProvider form = form(null);
    warnOfOtherSession(form, null);
    form.setAttribute("loginUrl", loginUrl);
    if (loginUrl != null && !query.containsKey("stay")) {
      form.setAttribute("stayUrl", "?key=" + query.getFirst("key") + "&stay=1");
      form.setResponseHeader("Refresh", SECONDS_BEFORE_REDIRECT + ";url=" + loginUrl);
    }
    return page(form, "reset-done.ftl");
  }

  /** The page has no button. */
  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    return show(found);
  }

  /**
   * The application the owner came from, or the realm's first one; null when none has an address.
   */
  private String loginUrl(Found done) {
    String ofApplication =
        LoginLink.ofApplication(
            session(),
            realm().getClientByClientId(done.link().clientId()),
            done.account().user().getEmail());
    return ofApplication == null ? RealmSettings.entranceUrl(realm()) : ofApplication;
  }
}
