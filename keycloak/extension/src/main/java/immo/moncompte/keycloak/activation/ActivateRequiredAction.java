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
 * The second lock before a provisional account: it stops here, whichever flow let it through.
 *
 * <p>Whether it is provisional is derived from the account at each sign-in. So an administrator who
 * clears required actions or sets a password opens nothing (specification, rule 1).
 */
public final class ActivateRequiredAction extends ImposedAction {

  public static final String ID = "moncompte-activate";

  public ActivateRequiredAction() {
    super(ID, "activate the provisional account");
  }

  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    super.evaluateTriggers(context);
    OwnerAccount account = OwnerAccount.of(context.getUser());
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
    return isOwner && !OwnerAccount.of(user).isPersonal();
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
