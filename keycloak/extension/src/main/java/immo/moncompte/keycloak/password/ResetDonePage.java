package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.LoginLink;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * « Mot de passe réinitialisé », and the way back to the application the owner came from.
 *
 * <p>The browser goes there by itself, without a script, by the header {@code Refresh}; the page
 * says so, and the owner can stop it (WCAG 2.2.1) or go at once.
 */
public final class ResetDonePage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  static final String PATH = ResetPage.PATH + "/done";

  private static final int SECONDS_BEFORE_REDIRECT = 10;

  private final LinkPage page;
  private final KeycloakSession session;

  ResetDonePage(LinkPage page) {
    this.page = page;
    this.session = page.session();
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey, @QueryParam("stay") String stay) {
    page.chooseLanguage();
    Optional<WaitingReset> done = page.waiting(typedKey, new Reset(session, realm())::findDone);
    if (done.isEmpty()) {
      return page.refused(ResetPage.PATH);
    }
    String loginUrl = loginUrl(done.get().pending());
    boolean redirects = loginUrl != null && stay == null;
    LoginFormsProvider form = page.form(null);
    form.setAttribute("loginUrl", loginUrl);
    if (redirects) {
      form.setAttribute("stayUrl", "?key=" + typedKey + "&stay=1");
      form.setResponseHeader("Refresh", SECONDS_BEFORE_REDIRECT + ";url=" + loginUrl);
    }
    return page.show(form, "reset-done.ftl");
  }

  /**
   * The application the owner came from, or the realm's first one; null when none has an address.
   */
  private String loginUrl(PendingReset reset) {
    String ofApplication =
        LoginLink.ofApplication(
            session, realm().getClientByClientId(reset.clientId()), reset.email());
    return ofApplication == null ? new RealmSettings(realm()).entranceUrl() : ofApplication;
  }

  private RealmModel realm() {
    return page.realm();
  }
}
