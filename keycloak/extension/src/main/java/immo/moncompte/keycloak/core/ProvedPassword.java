package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
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

  /**
   * Ends the session that this request may make, when the password it was begun with has been
   * changed or the account disabled by the time the session is there.
   *
   * <p>A reset ends the sessions that it sees, and one that is just being made it does not see. So
   * whoever makes one looks at the password again, once everybody sees the session: either the
   * reset sees it, or here its password is seen. Nobody has the session before, because the answer
   * leaves later.
   */
  public static void endIfOutdatedMeanwhile(
      KeycloakSession session, AuthenticationSessionModel visit, OwnerAccount account) {
    String proved = visit.getAuthNote(NOTE);
    boolean byPassword = proved != null && !proved.isEmpty();
    if (!byPassword || session.getAttribute(NOTE) != null) {
      return; // By a session that there is, or going to be looked at already.
    }
    session.setAttribute(NOTE, proved);
    session.sessions(); // whose writing is enlisted before what follows
    Made made =
        new Made(visit.getRealm().getId(), visit.getParentSession().getId(), account.id(), proved);
    session
        .getTransactionManager()
        .enlistAfterCompletion(
            new AbstractKeycloakTransaction() {
              @Override
              protected void commitImpl() {
                KeycloakModelUtils.runJobInTransaction(
                    session.getKeycloakSessionFactory(), made::endIfOutdated);
              }

              @Override
              protected void rollbackImpl() {
                // No session was made.
              }
            });
  }

  /**
   * A session that a sign-in has made, if it came to its end.
   *
   * @param sessionId its id, if there is one
   * @param proved the stamp of the password that the sign-in was begun with
   */
  private record Made(String realmId, String sessionId, String userId, String proved) {

    void endIfOutdated(KeycloakSession own) {
      if (isPresent(own)) {
        return;
      }
      RealmModel realm = own.realms().getRealm(realmId);
      own.getContext().setRealm(realm);
      UserSessionModel made = own.sessions().getUserSession(realm, sessionId);
      if (made != null) {
        own.sessions().removeUserSession(realm, made);
      }
    }

    /** Asked of the database: what a cache of users holds may be older on another node. */
    private boolean isPresent(KeycloakSession own) {
      return own.getProvider(JpaConnectionProvider.class)
          .getEntityManager()
          .createQuery(
              "select c.id, c.createdDate from CredentialEntity c where c.user.id = :user"
                  + " and c.type = :type and c.user.enabled = true",
              Object[].class)
          .setParameter("user", userId)
          .setParameter("type", PasswordCredentialModel.TYPE)
          .getResultStream()
          .anyMatch(found -> proved.equals(OwnerAccount.passwordStamp(found[0], found[1])));
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
