package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.PendingActivation;
import immo.moncompte.keycloak.activation.WaitingActivation;
import immo.moncompte.keycloak.core.ActivationCookie;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
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
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.FormMessage;

/**
 * S8 for whoever activated with an address that has a personal account, and another password: the
 * mail to that address leads here (spec, rule 5).
 *
 * <p>The provisional credentials were proved at S2 and the pending activation stands for them, as
 * it does for M1; the personal password is the other proof. Its key is that of the activation, so
 * that what ends the activation ends this link.
 */
public final class MergePage {

  private final LinkPage page;
  private final KeycloakSession session;

  public MergePage(LinkPage page) {
    this.page = page;
    this.session = page.session();
  }

  /** An activation that waits, and the personal account that its address belongs to. */
  private record Waiting(LinkKey key, WaitingActivation activation, OwnerAccount personal) {

    PendingActivation pending() {
      return activation.pending();
    }
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    return find(typedKey).map(waiting -> question(waiting, null)).orElseGet(this::refused);
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response merge(@QueryParam("key") String typedKey, MultivaluedMap<String, String> form) {
    Optional<Waiting> found = find(typedKey);
    if (found.isEmpty()) {
      return refused();
    }
    Waiting waiting = found.get();
    PasswordLogin check = new PasswordLogin(session, realm(), page::event, "merge-link");
    SourceLimit source = check.source();
    if (!source.admits(page.event())) {
      return question(waiting, "tooManyAttempts");
    }
    String password = Passwords.normalize(form.getFirst("password"));
    if (!check.isVerified(waiting.personal(), password)) {
      return question(waiting, "passwordWrong");
    }
    source.refund();
    return merge(waiting);
  }

  private Response merge(Waiting waiting) {
    ClientModel client = realm().getClientByClientId(waiting.pending().clientId());
    session.getContext().setClient(client);
    // Read before the accounts change.
    String loginUrl =
        LoginLink.of(session, client, waiting.pending().tabId(), waiting.pending().email());
    OwnerAccount personal = waiting.personal();
    String locale = session.getContext().resolveLocale(personal.user()).toLanguageTag();
    boolean merged = new Merge(session, realm()).mergeByLink(waiting.key(), personal.id(), locale);
    if (!merged) {
      return refused();
    }
    OtherSession.find(session, realm())
        .ifPresent(other -> OtherSession.end(session, realm(), other));
    Sessions.endOthers(session, realm(), personal.user(), null);
    ActivationCookie.expire(session, realm());
    LoginFormsProvider form = page.form(waiting.activation().agency());
    form.setAttribute("otherSession", null);
    form.setAttribute("loginUrl", loginUrl);
    return page.show(form, "merged.ftl");
  }

  private Optional<Waiting> find(String typedKey) {
    Optional<LinkKey> key = LinkKey.parse(typedKey);
    Optional<WaitingActivation> activation =
        page.waiting(typedKey, new Activation(session, realm())::find);
    return activation
        .flatMap(found -> OwnerAccount.findPersonal(session, realm(), found.pending().email()))
        .map(personal -> new Waiting(key.orElseThrow(), activation.orElseThrow(), personal));
  }

  private Response question(Waiting waiting, String error) {
    LoginFormsProvider form = page.form(waiting.activation().agency());
    form.setAttribute("identifier", waiting.activation().writtenIdentifier());
    form.setAttribute("address", waiting.pending().email());
    if (error != null) {
      form.addError(new FormMessage("password", error));
    }
    return page.show(form, "merge-password.ftl");
  }

  private Response refused() {
    return page.refused(Activation.MERGE_PATH);
  }

  private RealmModel realm() {
    return page.realm();
  }
}
