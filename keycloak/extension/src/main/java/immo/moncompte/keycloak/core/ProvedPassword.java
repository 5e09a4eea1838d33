package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Remembers the password with which a sign-in began.
 *
 * <p>A sign-in can wait at a required action (new terms, an action of an application) while the
 * password is reset elsewhere. Keycloak would let it continue to a new session (specification, rule
 * 12).
 */
public final class ProvedPassword {

  private static final String NOTE = "moncompte.provedPassword";

  private ProvedPassword() {}

  /**
   * What tells one password of an account from the next, whoever sets it: its credential and when
   * it was made. Not what it is hashed with, which a sign-in may renew. Empty without a password.
   */
  public static String stamp(OwnerAccount account) {
    return account
        .credential(PasswordCredentialModel.TYPE)
        .map(password -> stamp(password.getId(), password.getCreatedDate()))
        .orElse("");
  }

  static String stamp(Object credentialId, Object createdDate) {
    return credentialId + ":" + createdDate;
  }

  /** Remembers that the account's current password was proved, or chosen, in this sign-in. */
  public static void remember(AuthenticationSessionModel authSession, OwnerAccount account) {
    authSession.setAuthNote(NOTE, stamp(account));
  }

  /** Ends the sign-in if the password has changed since it began, or if its session has ended. */
  public static void refuseIfOutdated(
      KeycloakSession session, AuthenticationSessionModel authSession, OwnerAccount account) {
    String proved = authSession.getAuthNote(NOTE);
    boolean changed = proved != null && !proved.equals(stamp(account));
    if (changed) {
      throw RequiredAction.sessionEnded(session, authSession);
    }
    refuseIfSessionEnded(session, authSession);
  }

  /** Ends the sign-in if its session has ended. */
  public static void refuseIfSessionEnded(
      KeycloakSession session, AuthenticationSessionModel authSession) {
    if (isSessionEnded(session, authSession)) {
      throw RequiredAction.sessionEnded(session, authSession);
    }
  }

  /**
   * Ends the session that this request may create, if the password has changed or the account was
   * disabled meanwhile.
   *
   * <p>A reset ends the sessions that it sees, but not one that is being created. So the password
   * is read again once everybody sees the session. Either the reset sees the session, or this sees
   * the reset. Nobody can use the session before, because the answer leaves later.
   */
  public static void endIfOutdatedMeanwhile(
      KeycloakSession session, AuthenticationSessionModel authSession, OwnerAccount account) {
    String proved = authSession.getAuthNote(NOTE);
    boolean byPassword = proved != null && !proved.isEmpty();
    if (!byPassword || session.getAttribute(NOTE) != null) {
      return; // By an existing session, or already registered.
    }
    session.setAttribute(NOTE, proved);
    session.sessions(); // Enlists the writing of sessions before what follows.
    Made made =
        new Made(
            authSession.getRealm().getId(),
            authSession.getParentSession().getId(),
            account.id(),
            proved);
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
   * A session that a sign-in has perhaps created.
   *
   * @param sessionId its id
   * @param proved the stamp of the password that the sign-in was begun with
   */
  private record Made(String realmId, String sessionId, String userId, String proved) {

    void endIfOutdated(KeycloakSession own) {
      if (isPasswordUnchanged(own)) {
        return;
      }
      RealmModel realm = own.realms().getRealm(realmId);
      own.getContext().setRealm(realm);
      UserSessionModel made = own.sessions().getUserSession(realm, sessionId);
      if (made != null) {
        own.sessions().removeUserSession(realm, made);
      }
    }

    /**
     * Whether the password is still the same. Asks the database, because the user cache of another
     * node may be older.
     */
    private boolean isPasswordUnchanged(KeycloakSession own) {
      return own.getProvider(JpaConnectionProvider.class)
          .getEntityManager()
          .createQuery(
              "select c.id, c.createdDate from CredentialEntity c where c.user.id = :user"
                  + " and c.type = :type and c.user.enabled = true",
              Object[].class)
          .setParameter("user", userId)
          .setParameter("type", PasswordCredentialModel.TYPE)
          .getResultStream()
          .anyMatch(found -> proved.equals(stamp(found[0], found[1])));
    }
  }

  private static boolean isSessionEnded(
      KeycloakSession session, AuthenticationSessionModel authSession) {
    boolean signedInBefore = "true".equals(authSession.getAuthNote(AuthenticationManager.SSO_AUTH));
    String sessionId = authSession.getParentSession().getId();
    return signedInBefore
        && session.sessions().getUserSession(authSession.getRealm(), sessionId) == null;
  }
}
