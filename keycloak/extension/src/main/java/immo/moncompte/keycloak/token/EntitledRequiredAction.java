package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.ImposedAction;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * Turns away owners of other agencies from an application of some agencies (specification, rule
 * 10). Otherwise it could collect the name and address of everybody who is signed in and opens one
 * of its pages.
 *
 * <p>Checked at each sign-in, by password or by the single sign-on session; for existing sessions
 * see {@link Entitlement#endUnentitledSessions}. With {@code prompt=none} Keycloak answers {@code
 * interaction_required} instead of the page.
 */
public final class EntitledRequiredAction extends ImposedAction {

  private static final String REFUSED = "not_entitled";

  public EntitledRequiredAction() {
    super("moncompte-entitled", "turn away owners of agencies that the application is not for");
  }

  @Override
  protected boolean isDue(RequiredActionContext context) {
    UserModel user = context.getUser();
    return user.getServiceAccountClientLink() == null
        && !Entitlement.of(context.getAuthenticationSession().getClient())
            .coversSome(new OwnerAccount(user));
  }

  @Override
  protected Response page(RequiredActionContext context) {
    ClientModel application = context.getAuthenticationSession().getClient();
    context.getEvent().clone().event(EventType.LOGIN).user(context.getUser()).error(REFUSED);
    LoginFormsProvider form = context.form();
    form.setAttribute("application", application.getName());
    form.setAttribute("account", context.getUser().getUsername());
    form.setAttribute("agencies", names(context.getSession(), Entitlement.of(application)));
    return form.createForm("not-entitled.ftl");
  }

  /** « Revenir au site »: the application is told {@code access_denied}. */
  @Override
  public void processAction(RequiredActionContext context) {
    context.failure(REFUSED);
  }

  private static List<String> names(KeycloakSession session, Entitlement entitlement) {
    return entitlement.codes().stream()
        .flatMap(codes -> AgencyCodes.parse(codes).stream())
        .flatMap(codes -> Agency.find(session, codes).stream())
        .map(Agency::getName)
        .sorted()
        .toList();
  }
}
