package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Links.Found;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.util.CacheControlUtil;

/**
 * A page that a link in a mail opens: what it shows, and what its button does.
 *
 * <p>{@link LinkResource} serves it: a GET shows, a POST acts. No such page signs anyone in
 * (specification, rule 2). Keycloak's own action tokens act on a GET and stay valid when their
 * handler answers with a page, hence links and pages of our own.
 */
public abstract class LinkPage {

  private final KeycloakSession session;
  private final MailLink.Kind kind;
  private final String path;

  /**
   * A page for one request.
   *
   * @param kind the links that open it
   * @param path its path below {@code /realms/{realm}/moncompte}
   */
  protected LinkPage(KeycloakSession session, MailLink.Kind kind, String path) {
    this.session = session;
    this.kind = kind;
    this.path = path;
  }

  /** Shows the page of a valid link, and changes nothing. */
  protected abstract Response show(Found found);

  /**
   * Does what the button of the page is for.
   *
   * @param key of the link, with which {@link Links#use} finds it again
   * @param form what was sent; empty for a page without fields
   */
  protected abstract Response act(LinkKey key, Found found, MultivaluedMap<String, String> form);

  MailLink.Kind kind() {
    return kind;
  }

  protected final KeycloakSession session() {
    return session;
  }

  protected final RealmModel realm() {
    return session.getContext().getRealm();
  }

  protected final Links links() {
    return new Links(session, realm());
  }

  /** An event of this request, with the address it came from. */
  protected final EventBuilder event() {
    return new EventBuilder(realm(), session, session.getContext().getConnection());
  }

  /**
   * A form with what every page shows; the page adds its own.
   *
   * @param agency the agency whose name and help it shows, or null
   */
  protected final LoginFormsProvider form(Agency agency) {
    LoginFormsProvider page = session.getProvider(LoginFormsProvider.class);
    URI self = session.getContext().getUri().getRequestUri();
    page.setAttribute("screen", Map.of("action", self.toString(), "links", Map.of()));
    page.setAttribute("agency", agency);
    page.setAttribute("values", Map.of());
    page.setAttribute("otherSession", null);
    return page;
  }

  /**
   * Says on the page that somebody else is signed in in this browser (specification, rule 14).
   *
   * @param owner whose session is nobody else's, or null
   */
  protected final void warnOfOtherSession(LoginFormsProvider page, UserModel owner) {
    Sessions.ofBrowser(session, realm())
        .map(other -> other.getUser())
        .filter(other -> owner == null || !other.getId().equals(owner.getId()))
        .ifPresent(other -> page.setAttribute("otherSession", other.getUsername()));
  }

  /** The application that the owner came from, from here on the one of this request; or null. */
  protected final ClientModel useClientOf(MailLink link) {
    ClientModel client = realm().getClientByClientId(link.clientId());
    session.getContext().setClient(client);
    return client;
  }

  /** Ends the session in this browser, so that the owner signs in next. */
  protected final void endOtherSession() {
    Sessions.ofBrowser(session, realm())
        .ifPresent(other -> Sessions.endOfBrowser(session, realm(), other));
  }

  protected final Response page(LoginFormsProvider form, String template) {
    return Response.fromResponse(form.createForm(template))
        .cacheControl(CacheControlUtil.noCache())
        .build();
  }

  /**
   * One page for every link that is false, used, expired or replaced: it tells nothing. Its
   * sentence {@code linkRefusedNext-<path>} says how to go on.
   */
  protected final Response refused() {
    LoginFormsProvider page = form(null);
    page.setAttribute("path", path);
    page.setAttribute("startUrl", RealmSettings.entranceUrl(realm()));
    page.setStatus(Response.Status.NOT_FOUND);
    return page(page, "link-refused.ftl");
  }
}
