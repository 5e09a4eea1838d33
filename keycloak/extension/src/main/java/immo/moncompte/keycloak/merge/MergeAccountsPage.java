package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.LoginLink;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the mail to the other address opens: which account joins which, and the button that
 * does it. A passkey of the account that goes would be a proof this page cannot ask for: its owner
 * takes it away first, signed in there with it.
 */
public final class MergeAccountsPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  static final String PATH = "merge-accounts";

  private final LinkPage page;

  public MergeAccountsPage(LinkPage page) {
    this.page = page;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    return page.waiting(typedKey, merge()::find)
        .map(this::question)
        .orElseGet(() -> page.refused(PATH));
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response merge(@QueryParam("key") String typedKey) {
    Optional<LinkKey> key = LinkKey.parse(typedKey);
    Optional<AccountMerge.Waiting> waiting = page.waiting(typedKey, merge()::find);
    if (waiting.isEmpty()) {
      return page.refused(PATH);
    }
    if (waiting.get().needsPasskey()) {
      return question(waiting.get());
    }
    // Read before the accounts change.
    String address = waiting.get().survivor().user().getEmail();
    ClientModel client = page.realm().getClientByClientId(waiting.get().pending().clientId());
    page.session().getContext().setClient(client);
    if (!merge().merge(key.orElseThrow())) {
      return page.refused(PATH);
    }
    LoginFormsProvider form = form();
    form.setAttribute("loginUrl", LoginLink.ofApplication(page.session(), client, address));
    form.setAttribute("address", address);
    return page.show(form, "merged.ftl");
  }

  private Response question(AccountMerge.Waiting waiting) {
    LoginFormsProvider form = form();
    form.setAttribute("address", waiting.survivor().user().getEmail());
    form.setAttribute("otherAddress", waiting.goes().user().getEmail());
    form.setAttribute("possible", !waiting.needsPasskey());
    if (waiting.needsPasskey()) {
      form.addError(new FormMessage(null, "mergeAccountsPasskey"));
    }
    return page.show(form, "merge-accounts-confirm.ftl");
  }

  private LoginFormsProvider form() {
    LoginFormsProvider form = page.form(null);
    // Nobody else's session ends here.
    form.setAttribute("otherSession", null);
    return form;
  }

  private AccountMerge merge() {
    return new AccountMerge(page.session(), page.realm());
  }
}
