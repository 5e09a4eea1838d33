package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.LoginLink;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the mail to the other address opens: which account joins which, and the button that
 * does it. This page cannot ask for a passkey of the account that goes: its owner signs in there
 * with it and removes it first.
 */
public final class MergeAccountsPage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "merge-accounts";

  public MergeAccountsPage(KeycloakSession session) {
    super(session, MailLink.Kind.MERGE_ACCOUNTS, PATH);
  }

  @Override
  protected Response show(Found found) {
    return merge().waiting(found).map(this::question).orElseGet(this::refused);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    Optional<AccountMerge.Waiting> waiting = merge().waiting(found);
    if (waiting.isEmpty()) {
      return refused();
    }
    if (waiting.get().needsPasskey()) {
      return question(waiting.get());
    }
    // Read before the accounts change.
    String address = waiting.get().survivor().user().getEmail();
    ClientModel client = useClientOf(found.link());
    if (!merge().merge(key, waiting.get())) {
      return refused();
    }
    LoginFormsProvider done = form(null);
    done.setAttribute("loginUrl", LoginLink.ofApplication(session(), client, address));
    done.setAttribute("address", EmailAddress.shown(address));
    return page(done, "merged.ftl");
  }

  private Response question(AccountMerge.Waiting waiting) {
    LoginFormsProvider form = form(null);
    form.setAttribute("address", EmailAddress.shown(waiting.survivor().user().getEmail()));
    form.setAttribute("otherAddress", EmailAddress.shown(waiting.goes().user().getEmail()));
    form.setAttribute("possible", !waiting.needsPasskey());
    if (waiting.needsPasskey()) {
      form.addError(new FormMessage(null, "mergeAccountsPasskey"));
    }
    return page(form, "merge-accounts-confirm.ftl");
  }

  private AccountMerge merge() {
    return new AccountMerge(session(), realm());
  }
}
