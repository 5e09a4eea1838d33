package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.RealmSettings;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.util.CacheControlUtil;
import org.keycloak.services.util.LocaleUtil;

/**
 * A page that a link in a mail opens.
 *
 * <p>Opening it changes nothing, however often a mail scanner does so; only its button acts, by a
 * POST to the same address. No such page signs anyone in (spec, rule 2). Keycloak's own action
 * tokens act on a GET and are not revoked when their handler answers with a page, hence pages and
 * links of our own.
 */
public final class FormerLinkPage {

  private final KeycloakSession session;

  public FormerLinkPage(KeycloakSession session) {
    this.session = session;
  }

  public KeycloakSession session() {
    return session;
  }

  public RealmModel realm() {
    return session.getContext().getRealm();
  }

  /** Honours {@code kc_locale}, by which the page's own links change its language. */
  public void chooseLanguage() {
    LocaleUtil.processLocaleParam(session, realm(), null);
  }

  /** An event of this request, with the address it came from. */
  public EventBuilder event() {
    return new EventBuilder(realm(), session, session.getContext().getConnection());
  }

  /**
   * What the key of a link leads to. Guesses at keys are counted per source (spec, rule 8).
   *
   * @param typedKey the key as it stands in the address, or null
   * @param find what waits for a key, if it is right
   */
  public <T> Optional<T> waiting(String typedKey, Function<LinkKey, Optional<T>> find) {
    Optional<LinkKey> key = LinkKey.parse(typedKey);
    SourceLimit source = SourceLimit.of(session, realm(), "link", "any");
    if (key.isEmpty() || !source.admits(event())) {
      return Optional.empty();
    }
    Optional<T> waiting = find.apply(key.get());
    waiting.ifPresent(right -> source.refund());
    return waiting;
  }

  /**
   * A form with all that every page gets; the page adds its own.
   *
   * @param agency the agency whose name and help it shows, or null
   */
  public LoginFormsProvider form(Agency agency) {
    LoginFormsProvider page = session.getProvider(LoginFormsProvider.class);
    URI self = session.getContext().getUri().getRequestUri();
    page.setAttribute("screen", Map.of("action", self.toString(), "links", Map.of()));
    page.setAttribute("agency", agency);
    page.setAttribute("values", Map.of());
    page.setAttribute(
        "otherSession",
        OtherSession.find(session, realm())
            .map(other -> other.getUser().getUsername())
            .orElse(null));
    return page;
  }

  public Response show(LoginFormsProvider form, String template) {
    return uncached(form.createForm(template));
  }

  /**
   * One page for every link that is false, used, expired or replaced: it tells nothing.
   *
   * @param path the page's path, by which it says how to go on: {@code linkRefusedNext-<path>}
   */
  public Response refused(String path) {
    LoginFormsProvider page = form(null);
    page.setAttribute("path", path);
    page.setAttribute("otherSession", null);
    page.setAttribute("startUrl", new RealmSettings(realm()).entranceUrl());
    page.setStatus(Response.Status.NOT_FOUND);
    return show(page, "link-refused.ftl");
  }

  private static Response uncached(Response page) {
    return Response.fromResponse(page).cacheControl(CacheControlUtil.noCache()).build();
  }
}
