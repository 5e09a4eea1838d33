package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionContext.KcActionStatus;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * A required action that the server checks at each sign-in. Nobody gets around it: not by clearing
 * it from the account, and not by naming it in {@code kc_action}.
 */
public abstract class ImposedAction extends RequiredAction {

  protected ImposedAction(String id, String name) {
    super(id, name);
  }

  /** Whether this sign-in must stop here. Asked at each request of the page. */
  protected abstract boolean isDue(RequiredActionContext context);

  /** The page at which the sign-in stops. */
  protected abstract Response page(RequiredActionContext context);

  /**
   * Imposes the action if it is due.
   *
   * <p>Keycloak skips an action for the whole sign-in when {@code kc_action} names it and an
   * application may not start it. So its id is first taken out of the request, with {@code
   * kc_action_status=error}. Keycloak evaluates triggers before it chooses the actions.
   */
  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    AuthenticationManager.setKcActionStatus(
        getId(), KcActionStatus.ERROR, context.getAuthenticationSession());
    if (isDue(context)) {
      context.getAuthenticationSession().addRequiredAction(getId());
    }
  }

  @Override
  public final void requiredActionChallenge(RequiredActionContext context) {
    if (isDue(context)) {
      context.challenge(page(context));
      return;
    }
    // Done elsewhere while the page was open, or left over on an account.
    done(context);
  }

  /** Lets the sign-in go on. */
  protected final void done(RequiredActionContext context) {
    context.getAuthenticationSession().removeRequiredAction(getId());
    context.success();
  }
}
