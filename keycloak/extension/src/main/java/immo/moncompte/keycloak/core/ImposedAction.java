package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionContext.KcActionStatus;
import org.keycloak.services.managers.AuthenticationManager;

/**
 * A required action that each sign-in is looked at for, and that nobody gets around: not by
 * clearing it from the account, and not by asking for it in {@code kc_action}.
 */
public abstract class ImposedAction extends RequiredAction {

  /**
   * An action.
   *
   * @param id its alias
   * @param name its name in the administration console
   */
  protected ImposedAction(String id, String name) {
    super(id, name);
  }

  /** Whether this sign-in has to stop here. Asked for at each request of the page. */
  protected abstract boolean isDue(RequiredActionContext context);

  /** What it stops at. */
  protected abstract Response page(RequiredActionContext context);

  /**
   * Imposes the action where it is due.
   *
   * <p>Keycloak leaves an action out of the whole sign-in when {@code kc_action} names it and it
   * cannot be asked for. So its own id is taken out of the request first, with {@code
   * kc_action_status=error}: triggers are evaluated before Keycloak chooses the actions to do.
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
    // Done elsewhere while the page was open, or left over on an account: nothing to do.
    done(context);
  }

  /** Lets the sign-in go on. */
  protected final void done(RequiredActionContext context) {
    context.getAuthenticationSession().removeRequiredAction(getId());
    context.success();
  }
}
