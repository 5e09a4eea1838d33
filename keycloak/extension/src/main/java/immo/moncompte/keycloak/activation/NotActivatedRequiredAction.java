package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.ImposedAction;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.ProvedPassword;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.UserModel;

/**
 * Stops a provisional account at sign-in, whichever flow let it through. It activates nothing: its
 * page leads to the application's address, where the owner begins again.
 *
 * <p>This is the second lock. The first is {@code SignInAuthenticator}, which never makes a
 * provisional account the user of an authentication session. Whether it is provisional is derived
 * from the account at each sign-in. So an administrator who clears required actions or sets a
 * password opens nothing (specification, rule 1).
 */
public final class NotActivatedRequiredAction extends ImposedAction {

  public static final String ID = "moncompte-activate";

  public NotActivatedRequiredAction() {
    super(ID, "activate the provisional account");
  }

  /** Keycloak calls this at each sign-in. So it also makes the checks that every sign-in needs. */
  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    super.evaluateTriggers(context);
    OwnerAccount account = new OwnerAccount(context.getUser());
    ProvedPassword.refuseIfOutdated(
        context.getSession(), context.getAuthenticationSession(), account);
    ProvedPassword.endIfOutdatedMeanwhile(
        context.getSession(), context.getAuthenticationSession(), account);
    account.inactivity().clearWarning();
  }

  @Override
  protected boolean isDue(RequiredActionContext context) {
    UserModel user = context.getUser();
    boolean isOwner = user.getServiceAccountClientLink() == null;
    return isOwner && !new OwnerAccount(user).isPersonal();
  }

  @Override
  protected Response page(RequiredActionContext context) {
    URI start =
        LoginLink.addressOf(context.getSession(), context.getAuthenticationSession().getClient());
    LoginFormsProvider form = context.form();
    form.setAttribute("startUrl", start == null ? null : start.toString());
    return form.createForm("not-activated.ftl");
  }

  @Override
  public void processAction(RequiredActionContext context) {
    redirect(context);
  }
}
