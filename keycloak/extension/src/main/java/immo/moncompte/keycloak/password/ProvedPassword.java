package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.ErrorPage;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.messages.Messages;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Which password a sign-in was begun with.
 *
 * <p>A sign-in can stand at a required action (new terms, an action of an application) while the
 * password is reset elsewhere. Keycloak would let it go on to a new session: a door left open
 * (spec, rule 12).
 */
public final class ProvedPassword {

  private static final String NOTE = "moncompte.provedPassword";

  private ProvedPassword() {}

  /** Notes that the account's present password was proved in this sign-in, or chosen in it. */
  public static void remember(AuthenticationSessionModel visit, OwnerAccount account) {
    visit.setAuthNote(NOTE, account.passwordStamp());
  }

  /**
   * Ends the sign-in when the password it was begun with has been changed since, or the session
   * that stood for one has ended.
   */
  public static void refuseIfOutdated(
      KeycloakSession session, AuthenticationSessionModel visit, OwnerAccount account) {
    String proved = visit.getAuthNote(NOTE);
    boolean changed = proved != null && !proved.equals(account.passwordStamp());
    if (changed) {
      throw ended(session, visit);
    }
    refuseIfSessionEnded(session, visit);
  }

  /** Ends the sign-in when the session that stood for a password has ended. */
  public static void refuseIfSessionEnded(
      KeycloakSession session, AuthenticationSessionModel visit) {
    if (isSessionEnded(session, visit)) {
      throw ended(session, visit);
    }
  }

  private static WebApplicationException ended(
      KeycloakSession session, AuthenticationSessionModel visit) {
    return new WebApplicationException(
        ErrorPage.error(session, visit, Response.Status.BAD_REQUEST, Messages.SESSION_NOT_ACTIVE));
  }

  private static boolean isSessionEnded(KeycloakSession session, AuthenticationSessionModel visit) {
    boolean signedInBefore = "true".equals(visit.getAuthNote(AuthenticationManager.SSO_AUTH));
    String sessionId = visit.getParentSession().getId();
    return signedInBefore && session.sessions().getUserSession(visit.getRealm(), sessionId) == null;
  }
}
