package immo.moncompte.keycloak.core;

import java.util.Objects;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * What is known of a request after its answer has left, see {@link MailQueue#decideLater}.
 *
 * @param clientId the application the visitor came from
 * @param applicationUrl the application's address, or null
 * @param locale language tag of the page and so of the mail
 * @param remoteAddress where the request came from, for events
 * @param source the same for limits, see {@link Source}
 * @param pages address of the pages that links open, see {@link LinkKey#pages}
 */
public record Origin(
    String clientId,
    String applicationUrl,
    String locale,
    String remoteAddress,
    String source,
    String pages) {

  /**
   * The origin of a request.
   *
   * @param user whose language it is, or null
   */
  public static Origin of(KeycloakSession session, ClientModel client, UserModel user) {
    return new Origin(
        client.getClientId(),
        Objects.toString(LoginLink.addressOf(session, client), null),
        session.getContext().resolveLocale(user).toLanguageTag(),
        session.getContext().getConnection().getRemoteHost(),
        Source.of(session),
        LinkKey.pages(session));
  }

  /** An event of that request, in another session. */
  public EventBuilder event(KeycloakSession own) {
    return new EventBuilder(own.getContext().getRealm(), own)
        .client(clientId)
        .ipAddress(remoteAddress);
  }
}
