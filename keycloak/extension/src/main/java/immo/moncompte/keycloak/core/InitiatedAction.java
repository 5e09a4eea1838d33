package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Messages.Message;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;
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
  protected abstract Response page(RequiredActionContext context);

  /** Does what the form asks for. Ends in success or in a redirect to the page. */
  protected abstract void submit(RequiredActionContext context);

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
    context.challenge(page(context));
  }

  @Override
  public final void processAction(RequiredActionContext context) {
    refuseIfOutdated(context, new OwnerAccount(context.getUser()));
    submit(context);
  }

  @Override
  public final void initiatedActionCanceled(
      KeycloakSession session, AuthenticationSessionModel visit) {
    ProvedPassword.refuseIfSessionEnded(session, visit);
  }

  // ---- from one request to the next

  /** A parameter of the application's request, or null. */
  protected static String requested(RequiredActionContext context, String parameter) {
    return Visit.requested(context.getAuthenticationSession(), parameter);
  }

  /** Keeps what was typed for the next requests; never a secret. */
  protected final void keep(RequiredActionContext context, String field, String typed) {
    values(context).keepTyped(field, typed);
  }

  /** A value that was kept, or null. */
  protected final String kept(RequiredActionContext context, String field) {
    return values(context).get(field);
  }

  private KeptValues values(RequiredActionContext context) {
    return new KeptValues(context.getAuthenticationSession(), getId());
  }

  /** Shows the page again by a redirect, with messages. */
  protected final void showAgain(RequiredActionContext context, Message... messages) {
    Messages.keep(context.getAuthenticationSession(), List.of(messages));
    redirect(context);
  }

  /** A form with the kept values and the messages; the page adds its own. */
  protected final LoginFormsProvider form(RequiredActionContext context) {
    LoginFormsProvider form = context.form();
    form.setAttribute("values", values(context).all());
    Messages.show(context.getAuthenticationSession(), form);
    return form;
  }
}
