package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.core.Messages.Message;
import immo.moncompte.keycloak.account.OwnerAccount;
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
 * What an application starts by {@code kc_action} for an owner who is signed in: a page with a form
 * that posts to itself, and what the form does.
 *
 * <p>Keycloak asks for the password again when it is older than the action's {@code max_auth_age},
 * five minutes unless the realm says otherwise. It also answers ANNULER, the parameter {@code
 * cancel-aia}, by itself, and tells the application in {@code kc_action_status} what came of it.
 */
public abstract class InitiatedAction extends RequiredAction {

  private static final String REQUESTED = "client_request_param_";

  /**
   * An action.
   *
   * @param id its alias, what applications ask for by {@code kc_action}
   * @param name its name in the administration console
   */
  protected InitiatedAction(String id, String name) {
    super(id, name);
  }

  /** The page, with what was said of the form sent before. */
  protected abstract Response page(RequiredActionContext context);

  /** Does what the form asks for, and ends in success or a redirect to the page. */
  protected abstract void submit(RequiredActionContext context);

  @Override
  public final InitiatedActionSupport initiatedActionSupport() {
    return InitiatedActionSupport.SUPPORTED;
  }

  /**
   * Only an owner who asks for the action gets it: imposed by an administrator it could not be
   * cancelled, and would shut out whoever cannot do it.
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
    if (!OwnerAccount.of(context.getUser()).isPersonal()) {
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
    refuseIfOutdated(context, OwnerAccount.of(context.getUser()));
    submit(context);
  }

  @Override
  public final void initiatedActionCanceled(
      KeycloakSession session, AuthenticationSessionModel visit) {
    ProvedPassword.refuseIfSessionEnded(session, visit);
  }

  // ---- from one request to the next

  /** What the application gave as a parameter of its request, or null. */
  protected static String requested(RequiredActionContext context, String parameter) {
    return context.getAuthenticationSession().getClientNote(REQUESTED + parameter);
  }

  /** Keeps what was typed for the requests that follow; never a secret. */
  protected final void keep(RequiredActionContext context, String field, String typed) {
    values(context).keepTyped(field, typed);
  }

  /** What was kept, or null. */
  protected final String kept(RequiredActionContext context, String field) {
    return values(context).get(field);
  }

  private KeptValues values(RequiredActionContext context) {
    return new KeptValues(context.getAuthenticationSession(), getId());
  }

  /** Shows the page again, by a redirect, with something to say. */
  protected final void showAgain(RequiredActionContext context, Message... messages) {
    Messages.keep(context.getAuthenticationSession(), List.of(messages));
    redirect(context);
  }

  /** A form with what was kept and what the last request left to say; the page adds its own. */
  protected final LoginFormsProvider form(RequiredActionContext context) {
    LoginFormsProvider form = context.form();
    form.setAttribute("values", values(context).all());
    Messages.show(context.getAuthenticationSession(), form);
    return form;
  }
}
