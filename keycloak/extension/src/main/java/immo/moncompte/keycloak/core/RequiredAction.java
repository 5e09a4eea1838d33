package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.ErrorPage;
import org.keycloak.services.messages.Messages;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.sessions.AuthenticationSessionModel;

/** A required action that is its own factory. It has no state. */
abstract class RequiredAction implements RequiredActionProvider, RequiredActionFactory {

  private final String id;
  private final String name;

  /**
   * An action.
   *
   * @param id its alias
   * @param name its name in the administration console
   */
  RequiredAction(String id, String name) {
    this.id = id;
    this.name = name;
  }

  @Override
  public final RequiredActionProvider create(KeycloakSession session) {
    return this;
  }

  @Override
  public final String getId() {
    return id;
  }

  @Override
  public final String getDisplayText() {
    return "Moncompte: " + name;
  }

  @Override
  public final void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public final void postInit(KeycloakSessionFactory factory) {
    // Nothing to prepare.
  }

  @Override
  public final void close() {
    // Holds nothing.
  }

  /**
   * Ends the sign-in with an error page if its password has changed since it began, if its session
   * has ended, or if the account is disabled.
   *
   * @param account the account of the owner, as it is now
   */
  protected static void refuseIfOutdated(RequiredActionContext context, OwnerAccount account) {
    KeycloakSession session = context.getSession();
    AuthenticationSessionModel authSession = context.getAuthenticationSession();
    ProvedPassword.refuseIfOutdated(session, authSession, account);
    if (!account.user().isEnabled()) {
      throw sessionEnded(session, authSession);
    }
  }

  /**
   * Shows the page of the action by a redirect, so that reload repeats nothing. A page that answers
   * a POST would also be given an inline script, which our policy forbids.
   */
  protected static void redirect(RequiredActionContext context) {
    UriBuilder page =
        UriBuilder.fromUri(context.getActionUrl())
            .replaceQueryParam(LoginActionsService.SESSION_CODE);
    context.challenge(Response.seeOther(page.build()).build());
  }

  /** Ends the request with a page that says so. */
  protected static WebApplicationException sessionEnded(
      KeycloakSession session, AuthenticationSessionModel authSession) {
    return new WebApplicationException(
        ErrorPage.error(
            session, authSession, Response.Status.BAD_REQUEST, Messages.SESSION_NOT_ACTIVE));
  }
}
