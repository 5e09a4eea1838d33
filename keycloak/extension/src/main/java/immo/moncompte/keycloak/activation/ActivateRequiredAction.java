package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.password.ProvedPassword;
import immo.moncompte.keycloak.web.ActionPage;
import immo.moncompte.keycloak.web.ImposedAction;
import immo.moncompte.keycloak.web.LoginLink;
import java.net.URI;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.UserModel;

/**
 * The second lock before a provisional account: whichever flow let it through, it stops here.
 *
 * <p>That it is provisional is derived from the account at each sign-in and imposed again, so that
 * an administrator who clears required actions or sets a password opens nothing (spec, rule 1).
 */
public final class ActivateRequiredAction implements RequiredActionProvider, RequiredActionFactory {

  public static final String ID = "moncompte-activate";

  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    ImposedAction.isNotAskedFor(context, ID);
    UserModel user = context.getUser();
    boolean isOwner = user.getServiceAccountClientLink() == null;
    if (isOwner && !OwnerAccount.of(user).isPersonal()) {
      context.getAuthenticationSession().addRequiredAction(ID);
    }
    ProvedPassword.refuseIfOutdated(
        context.getSession(), context.getAuthenticationSession(), OwnerAccount.of(user));
  }

  @Override
  public void requiredActionChallenge(RequiredActionContext context) {
    // Left over on an account that has been activated since: nothing to do.
    if (OwnerAccount.of(context.getUser()).isPersonal()) {
      context.getAuthenticationSession().removeRequiredAction(ID);
      context.success();
      return;
    }
    URI start =
        LoginLink.addressOf(context.getSession(), context.getAuthenticationSession().getClient());
    LoginFormsProvider form = context.form();
    form.setAttribute("startUrl", start == null ? null : start.toString());
    context.challenge(form.createForm("not-activated.ftl"));
  }

  @Override
  public void processAction(RequiredActionContext context) {
    ActionPage.redirect(context);
  }

  @Override
  public RequiredActionProvider create(KeycloakSession session) {
    return this;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getDisplayText() {
    return "Moncompte: activate the provisional account";
  }

  @Override
  public void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    // Nothing to prepare.
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
