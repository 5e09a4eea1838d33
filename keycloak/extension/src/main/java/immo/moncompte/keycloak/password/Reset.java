package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.Passkeys;
import immo.moncompte.keycloak.core.Sessions;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Gives a personal account a new password by a link in a mail (S10). */
record Reset(KeycloakSession session, RealmModel realm) {

  /**
   * Uses the link: sets the new password, and ends whatever was open (specification, rule 12).
   *
   * @param password a password that the realm's policy accepts
   * @param removedPasskeys ids of the passkeys that the owner wants to remove
   * @param locale language of the mail that confirms
   * @return the key of the page that says it is done; empty when the link was used meanwhile
   */
  Optional<LinkKey> complete(
      LinkKey key, String password, Collection<String> removedPasskeys, String locale) {
    Optional<LinkKey> done =
        new Links(session, realm)
            .use(
                MailLink.Kind.RESET,
                key,
                List.of(),
                (own, found) ->
                    new Reset(own.session(), own.realm())
                        .completeLocked(found, password, removedPasskeys, locale));
    // Telling the applications takes time, so nothing is locked any more.
    done.map(page -> session.users().getUserById(realm, page.userId()))
        .ifPresent(user -> Sessions.endOthers(session, realm, user, null));
    return done;
  }

  private Optional<LinkKey> completeLocked(
      Found found, String password, Collection<String> removedPasskeys, String locale) {
    OwnerAccount account = found.account();
    // In the transaction of the password: cookies and tokens issued before are invalid from here
    // on, even if the server stops before it has ended the sessions.
    int now = Math.toIntExact(Instant.now().getEpochSecond());
    session.users().setNotBeforeForUser(realm, account.user(), now);
    new PasswordChange(session, realm).apply(account, password, locale);
    Passkeys passkeys = new Passkeys(account.user());
    List<String> removed =
        removedPasskeys.stream().filter(id -> passkeys.remove(session, realm, id)).toList();
    String clientId = found.link().clientId();
    logReset(account, clientId, removed);
    MailLink done = MailLink.asked(MailLink.Kind.RESET_DONE, clientId, locale, Map.of());
    return Optional.of(new Links(session, realm).make(account, done));
  }

  private void logReset(OwnerAccount account, String clientId, List<String> removedPasskeys) {
    EventBuilder event =
        new EventBuilder(realm, session, session.getContext().getConnection())
            .client(clientId)
            .user(account.user());
    event.clone().event(EventType.RESET_PASSWORD).success();
    for (String id : removedPasskeys) {
      event
          .clone()
          .event(EventType.REMOVE_CREDENTIAL)
          .detail(Details.CREDENTIAL_TYPE, Passkeys.TYPE)
          .detail(Details.CREDENTIAL_ID, id)
          .success();
    }
    event
        .event(EventType.UPDATE_CREDENTIAL)
        .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE)
        .success();
  }
}
