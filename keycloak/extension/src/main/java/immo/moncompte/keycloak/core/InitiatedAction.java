package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * An action that an application starts by {@code kc_action} for an owner who is signed in: a page
 * with a form, and what the form does.
 *
 * <p>Keycloak asks for the password again when it is older than the action's {@code max_auth_age},
 * five minutes by default. It also answers the button ANNULER, the parameter {@code cancel-aia},
 * and tells the application the result in {@code kc_action_status}.
 */
public abstract class InitiatedAction extends RequiredAction {

  protected InitiatedAction(String id, String name) {
    super(id, name);
  }

  /** The page, with the messages about the form sent before. */
  protected abstract Response page(ActionVisit visit);

  /** Does what the form asks for. Ends in success or in a redirect to the page. */
  protected abstract void submit(ActionVisit visit, MultivaluedMap<String, String> form);

  @Override
  public final InitiatedActionSupport initiatedActionSupport() {
    return InitiatedActionSupport.SUPPORTED;
  }

  /**
   * Removes the action from an account: only an application may start it. An owner could not cancel
   * one that an administrator imposed.
   */
  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    UserModel user = context.getUser();
    if (user.getRequiredActionsStream().anyMatch(getId()::equals)) {
      user.removeRequiredAction(getId());
    }
  }

  @Override
  public final void requiredActionChallenge(RequiredActionContext context) {
    if (!new OwnerAccount(context.getUser()).isPersonal()) {
      context.ignore();
      return;
    }
    if (context.getHttpRequest().getHttpMethod().equals(HttpMethod.POST)) {
      redirect(context);
      return;
    }
    context.challenge(page(visit(context)));
  }

  @Override
  public final void processAction(RequiredActionContext context) {
    refuseIfOutdated(context, new OwnerAccount(context.getUser()));
    submit(visit(context), context.getHttpRequest().getDecodedFormParameters());
  }

  @Override
  public final void initiatedActionCanceled(
      KeycloakSession session, AuthenticationSessionModel authSession) {
    ProvedPassword.refuseIfSessionEnded(session, authSession);
  }

  private ActionVisit visit(RequiredActionContext context) {
    return new ActionVisit(context, getId());
  }
}
