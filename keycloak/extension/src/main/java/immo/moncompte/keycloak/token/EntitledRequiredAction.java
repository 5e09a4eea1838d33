package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.agency.AgencyCodes;
import immo.moncompte.keycloak.web.ImposedAction;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.UserModel;

/**
 * An application of some agencies gets tokens for owners of these, and for no others (spec, rule
 * 10): not their name and address either, which an application could otherwise collect from whoever
 * is signed in and opens one of its pages.
 *
 * <p>Looked at in each sign-in, by a password and by the single sign-on session alike. With {@code
 * prompt=none} Keycloak answers {@code interaction_required} in place of the page.
 */
public final class EntitledRequiredAction implements RequiredActionProvider, RequiredActionFactory {

  private static final String ID = "moncompte-entitled";

  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    ImposedAction.isNotAskedFor(context, ID);
    if (isForeign(context)) {
      context.getAuthenticationSession().addRequiredAction(ID);
    }
  }

  @Override
  public void requiredActionChallenge(RequiredActionContext context) {
    // A contract was added, or the application released, while the page was open.
    if (!isForeign(context)) {
      context.getAuthenticationSession().removeRequiredAction(ID);
      context.success();
      return;
    }
    ClientModel application = context.getAuthenticationSession().getClient();
    LoginFormsProvider form = context.form();
    form.setAttribute("application", application.getName());
    form.setAttribute("account", context.getUser().getUsername());
    form.setAttribute("agencies", names(context.getSession(), Entitlement.of(application)));
    context.challenge(form.createForm("not-entitled.ftl"));
  }

  /** « Revenir au site »: the application is told {@code access_denied}. */
  @Override
  public void processAction(RequiredActionContext context) {
    context.failure();
  }

  private static boolean isForeign(RequiredActionContext context) {
    UserModel user = context.getUser();
    Entitlement entitlement = Entitlement.of(context.getAuthenticationSession().getClient());
    return user.getServiceAccountClientLink() == null
        && !entitlement.codes().isEmpty()
        && OwnerAccount.of(user).contracts().stream()
            .noneMatch(contract -> entitlement.covers(contract.agency()));
  }

  private static List<String> names(KeycloakSession session, Entitlement entitlement) {
    return entitlement.codes().stream()
        .map(codes -> codes.split("/"))
        .flatMap(parts -> AgencyCodes.parse(parts[0], parts[1]).stream())
        .flatMap(codes -> Agency.find(session, codes).stream())
        .map(Agency::getName)
        .sorted()
        .toList();
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
    return "Moncompte: turn away owners of agencies that the application is not for";
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
