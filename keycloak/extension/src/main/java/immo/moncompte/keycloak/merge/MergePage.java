package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.PendingActivation;
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
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

/**
 * S8 for owners who chose at S4 the address of a personal account, but another password. The mail
 * to that address leads here (specification, rule 5).
 *
 * <p>The provisional credentials were proved at S2, and the link of the activation stands for them,
 * as it does for M1. The personal password is the other proof.
 */
public final class MergePage extends LinkPage {

  public MergePage(KeycloakSession session) {
    super(session, MailLink.Kind.ACTIVATION, Activation.MERGE_PATH);
  }

  /** An activation that waits, and the personal account that its address belongs to. */
  private record Waiting(PendingActivation activation, OwnerAccount personal) {}

  @Override
  protected Response show(Found found) {
    return waiting(found).map(waiting -> question(waiting, null)).orElseGet(this::refused);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    Optional<Waiting> waiting = waiting(found);
    if (waiting.isEmpty()) {
      return refused();
    }
    Attempt attempt =
        new PasswordLogin(session(), realm(), this::event, "merge-link")
            .attempt(
                waiting.get().personal(),
                Passwords.normalize(form.getFirst("password")),
                "passwordWrong");
    if (attempt.isRefused()) {
      return question(waiting.get(), attempt.refusal());
    }
    return merge(key, waiting.get());
  }

  private Response merge(LinkKey key, Waiting waiting) {
    PendingActivation activation = waiting.activation();
    ClientModel client = useClientOf(activation.link());
    // Read before the accounts change.
    String tabId = activation.link().get(Activation.TAB);
    String loginUrl = LoginLink.of(session(), client, tabId, activation.email());
    OwnerAccount personal = waiting.personal();
    String locale = session().getContext().resolveLocale(personal.user()).toLanguageTag();
    if (!new Merge(session(), realm()).mergeByLink(key, personal.id(), locale)) {
      return refused();
    }
    endOtherSession();
    Sessions.endOthers(session(), realm(), personal.user(), null);
    BrowserCookie.ACTIVATION.expire(session(), activation.link());
    LoginFormsProvider form = form(activation.agency());
    form.setAttribute("loginUrl", loginUrl);
    return page(form, "merged.ftl");
  }

  private Optional<Waiting> waiting(Found found) {
    return PendingActivation.of(session(), found)
        .flatMap(
            activation ->
                Accounts.findPersonal(session(), realm(), activation.email())
                    .map(personal -> new Waiting(activation, personal)));
  }

  private Response question(Waiting waiting, String error) {
    LoginFormsProvider form = form(waiting.activation().agency());
    warnOfOtherSession(form, null);
    form.setAttribute("identifier", waiting.activation().writtenIdentifier());
    form.setAttribute("address", EmailAddress.shown(waiting.activation().email()));
    if (error != null) {
      form.addError(new FormMessage("password", error));
    }
    return page(form, "merge-password.ftl");
  }
}
