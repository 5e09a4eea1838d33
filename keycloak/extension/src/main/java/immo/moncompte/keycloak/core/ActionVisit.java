package immo.moncompte.keycloak.core;

import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.UserModel;

/** One request to the page of an {@link InitiatedAction}. */
public final class ActionVisit extends Visit {
  private final RequiredActionContext context;

  ActionVisit(RequiredActionContext context, String note) {
    super(context.getSession(), context.getAuthenticationSession(), note);
    this.context = context;
  }

  public RequiredActionContext context() {
    return context;
  }

  @Override
  public UserModel user() {
    return context.getUser();
  }

  @Override
  public EventBuilder event() {
    return context.getEvent().clone();
  }

  /** A form with what was kept and said; the page adds its own. */
  public LoginFormsProvider form() {
    return filled(context.form());
  }

  /** Shows the page again by a redirect. */
  public void showAgain(Message... messages) {
    say(messages);
    RequiredAction.redirect(context);
  }

  /** The action is done: the owner goes back to the application. */
  public void succeed() {
    context.success();
  }
}
