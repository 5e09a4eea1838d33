package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.services.resources.LoginActionsService;

/** The page of a required action, shown by a redirect. */
public final class ActionPage {

  private ActionPage() {}

  /**
   * Sends the browser to the page of the action it has just posted to, so that reload repeats
   * nothing; and a page that answers a POST would be given an inline script, which our policy
   * forbids.
   */
  public static void redirect(RequiredActionContext context) {
    UriBuilder page =
        UriBuilder.fromUri(context.getActionUrl())
            .replaceQueryParam(LoginActionsService.SESSION_CODE);
    context.challenge(Response.seeOther(page.build()).build());
  }
}
