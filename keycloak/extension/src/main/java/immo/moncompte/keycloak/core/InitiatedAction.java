package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
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
  private static final String MESSAGES = "messages";
  private static final int MAX_KEPT = 255;

  /**
   * An action.
   *
   * @param id its alias, what applications ask for by {@code kc_action}
   * @param name its name in the administration console
   */
  protected InitiatedAction(String id, String name) {
    super(id, name);
  }

  /**
   * Something that the page says.
   *
   * @param field the field it is about, or null
   * @param key key in the theme's messages
   * @param parameters the numbers that stand in it: nothing that was typed
   * @param type error, info or success
   */
  protected record Message(String field, String key, List<Long> parameters, String type) {}

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
      ActionPage.redirect(context);
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

  /** Keeps a value for the requests that follow; never a secret. */
  protected final void keep(RequiredActionContext context, String note, String value) {
    String text = value == null ? "" : value.strip();
    String kept = text.length() <= MAX_KEPT ? text : text.substring(0, MAX_KEPT);
    context.getAuthenticationSession().setAuthNote(noteName(note), kept);
  }

  /** What was kept, or null. */
  protected final String kept(RequiredActionContext context, String note) {
    return context.getAuthenticationSession().getAuthNote(noteName(note));
  }

  /** Shows the page again, by a redirect, with something to say. */
  protected final void showAgain(RequiredActionContext context, Message... messages) {
    context.getAuthenticationSession().setAuthNote(noteName(MESSAGES), Json.write(messages));
    ActionPage.redirect(context);
  }

  /** A form with what the last request left to say; the page adds its own. */
  protected final LoginFormsProvider form(RequiredActionContext context) {
    LoginFormsProvider form = context.form();
    String json = kept(context, MESSAGES);
    if (json == null) {
      return form;
    }
    context.getAuthenticationSession().removeAuthNote(noteName(MESSAGES));
    for (Message message : Json.read(json, Message[].class)) {
      Object[] parameters = message.parameters().toArray();
      switch (message.type()) {
        case "info" -> form.setInfo(message.key(), parameters);
        case "success" -> form.setSuccess(message.key(), parameters);
        default -> form.addError(new FormMessage(message.field(), message.key(), parameters));
      }
    }
    return form;
  }

  protected static Message error(String field, String key, Long... parameters) {
    return new Message(field, key, Arrays.asList(parameters), "error");
  }

  protected static Message info(String key, Long... parameters) {
    return new Message(null, key, Arrays.asList(parameters), "info");
  }

  protected static Message success(String key, Long... parameters) {
    return new Message(null, key, Arrays.asList(parameters), "success");
  }

  private String noteName(String note) {
    return getId() + "." + note;
  }
}
