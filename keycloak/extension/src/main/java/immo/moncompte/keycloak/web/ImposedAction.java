package immo.moncompte.keycloak.web;

import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionContext.KcActionStatus;
import org.keycloak.services.managers.AuthenticationManager;

/** A required action that is imposed, and that no application may ask for. */
public final class ImposedAction {

  private ImposedAction() {}

  /**
   * Takes the action's own id out of the request, with {@code kc_action_status=error}. Keycloak
   * leaves an action out of the whole sign-in when {@code kc_action} names it and it cannot be
   * asked for: whoever has to do it could get around it so. Called while triggers are evaluated,
   * before anything else looks at {@code kc_action}.
   */
  public static void isNotAskedFor(RequiredActionContext context, String id) {
    AuthenticationManager.setKcActionStatus(
        id, KcActionStatus.ERROR, context.getAuthenticationSession());
  }
}
