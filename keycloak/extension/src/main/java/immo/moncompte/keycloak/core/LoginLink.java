package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriBuilderException;
import java.net.URI;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.managers.AuthenticationSessionManager;
import org.keycloak.services.resources.LoginActionsService;
import org.keycloak.services.util.ResolveRelative;
import org.keycloak.sessions.AuthenticationSessionModel;

/** Where « CONNEXION » leads after a link in a mail was used. */
public final class LoginLink {

  /** Query parameter that names the screen a page of the sign-in shows. */
  public static final String SCREEN = "screen";

  private LoginLink() {}

  /**
   * The sign-in screen of the tab that asked for the mail, if it is this browser's and still open;
   * otherwise the application's own address, which starts a sign-in for the owner.
   */
  public static String of(KeycloakSession session, ClientModel client, String tabId, String email) {
    if (client == null) {
      return null;
    }
    RealmModel realm = session.getContext().getRealm();
    AuthenticationSessionModel open =
        new AuthenticationSessionManager(session)
            .getCurrentAuthenticationSession(realm, client, tabId);
    String execution =
        open == null
            ? null
            : open.getAuthNote(AuthenticationProcessor.CURRENT_AUTHENTICATION_EXECUTION);
    if (execution == null) {
      return ofApplication(session, client, email);
    }
    return LoginActionsService.loginActionsBaseUrl(session.getContext().getUri())
        .path(flowPath(open))
        .queryParam(Constants.EXECUTION, execution)
        .queryParam(Constants.CLIENT_ID, client.getClientId())
        .queryParam(Constants.TAB_ID, open.getTabId())
        .queryParam(Constants.CLIENT_DATA, AuthenticationProcessor.getClientData(session, open))
        .queryParam(SCREEN, "login")
        .build(realm.getName())
        .toString();
  }

  /** The application's address with the owner's as a hint (OIDC Core 4), or null without one. */
  public static String ofApplication(KeycloakSession session, ClientModel client, String email) {
    URI address = addressOf(session, client);
    return address == null ? null : withHint(address.toString(), email);
  }

  /** An application's address with the owner's as a hint, or null when there is none. */
  public static String withHint(String address, String email) {
    if (address == null) {
      return null;
    }
    return UriBuilder.fromUri(address)
        .queryParam(OIDCLoginProtocol.LOGIN_HINT_PARAM, "{email}")
        .build(email)
        .toString();
  }

  /** The application's own address, or null when it has none that can be used. */
  public static URI addressOf(KeycloakSession session, ClientModel client) {
    if (client == null || client.getBaseUrl() == null || client.getBaseUrl().isBlank()) {
      return null;
    }
    String url =
        ResolveRelative.resolveRelativeUri(session, client.getRootUrl(), client.getBaseUrl());
    try {
      return UriBuilder.fromUri(url).build();
    } catch (IllegalArgumentException | UriBuilderException e) {
      return null;
    }
  }

  private static String flowPath(AuthenticationSessionModel open) {
    String path = open.getAuthNote(AuthenticationProcessor.CURRENT_FLOW_PATH);
    return path == null ? LoginActionsService.AUTHENTICATE_PATH : path;
  }
}
