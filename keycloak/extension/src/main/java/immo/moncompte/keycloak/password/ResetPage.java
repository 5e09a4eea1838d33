package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.OtherSession;
import immo.moncompte.keycloak.core.Passkeys;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.FormMessage;

/** S10: the page that the link of M2 opens. It signs nobody in. */
public final class ResetPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "reset";

  /** Field with the ids of the passkeys to remove. */
  private static final String PASSKEYS = "remove-passkey";

  private final LinkPage page;
  private final KeycloakSession session;

  public ResetPage(LinkPage page) {
    this.page = page;
    this.session = page.session();
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    Optional<WaitingReset> waiting = waiting(typedKey);
    return waiting.isEmpty() ? refused() : form(waiting.get(), List.of(), List.of());
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response reset(@QueryParam("key") String typedKey, MultivaluedMap<String, String> form) {
    Optional<WaitingReset> waiting = waiting(typedKey);
    if (waiting.isEmpty()) {
      return refused();
    }
    String password = Passwords.normalize(form.getFirst(NewPassword.FIELD));
    NewPassword.Verdict verdict =
        new NewPassword(session, realm())
            .check(
                waiting.get().account().user(),
                waiting.get().pending().email(),
                password,
                Passwords.normalize(form.getFirst(NewPassword.CONFIRMATION)));
    if (!verdict.accepts()) {
      return form(waiting.get(), verdict.messages(), verdict.missing());
    }
    String locale = session.getContext().resolveLocale(null).toLanguageTag();
    Optional<LinkKey> done =
        new Reset(session, realm())
            .complete(
                LinkKey.parse(typedKey).orElseThrow(),
                password,
                form.getOrDefault(PASSKEYS, List.of()),
                locale);
    if (done.isEmpty()) {
      return refused();
    }
    // A shared browser is no trap: it goes on to the sign-in of this owner (spec, rule 14).
    OtherSession.find(session, realm())
        .ifPresent(other -> OtherSession.end(session, realm(), other));
    return Response.seeOther(URI.create(done.get().url(session, ResetDonePage.PATH))).build();
  }

  /** The page that says the password was reset; a path of its own, so that it can be reloaded. */
  @Path("done")
  public ResetDonePage done() {
    return new ResetDonePage(page);
  }

  private Optional<WaitingReset> waiting(String typedKey) {
    return page.waiting(typedKey, new Reset(session, realm())::find);
  }

  private Response form(
      WaitingReset waiting, List<FormMessage> errors, List<String> missingCriteria) {
    LoginFormsProvider form = page.form(null);
    OtherSession.find(session, realm())
        .filter(other -> other.getUser().getId().equals(waiting.account().id()))
        .ifPresent(own -> form.setAttribute("otherSession", null));
    form.setAttribute("address", waiting.pending().email());
    form.setAttribute(
        "criteria", new NewPassword(session, realm()).criteria(form, missingCriteria));
    form.setAttribute("passkeys", passkeys(waiting));
    errors.forEach(form::addError);
    return page.show(form, "reset-password.ftl");
  }

  /** Whoever had the account for a while may have left one: shown, to be removed (rule 12). */
  private List<Map<String, String>> passkeys(WaitingReset waiting) {
    Dates dates = new Dates(realm(), session.getContext().resolveLocale(null));
    return new Passkeys(waiting.account().user())
        .list().stream()
            .map(
                passkey ->
                    Map.of(
                        "id", passkey.id(),
                        "label", passkey.label(),
                        "added", dates.day(passkey.addedAt())))
            .toList();
  }

  private Response refused() {
    return page.refused(PATH);
  }

  private RealmModel realm() {
    return page.realm();
  }
}
