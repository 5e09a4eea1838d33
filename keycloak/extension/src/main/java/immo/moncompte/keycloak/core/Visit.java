package immo.moncompte.keycloak.core;

import static org.keycloak.protocol.oidc.endpoints.AuthorizationEndpoint.LOGIN_SESSION_NOTE_ADDITIONAL_REQ_PARAMS_PREFIX;

import immo.moncompte.keycloak.account.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.keycloak.events.EventBuilder;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * One request of a visitor, to a screen ({@link SignIn}) or to the page of an action ({@link
 * ActionVisit}), and what it keeps for the next page.
 */
public abstract class Visit {
  private static final String MESSAGES = "moncompte.messages";
  private static final int MAX_TYPED = 255;

  private final KeycloakSession session;
  private final AuthenticationSessionModel authenticationSession;
  private final String note;

  /**
   * A request.
   *
   * @param note name of the note that holds what is kept
   */
  Visit(KeycloakSession session, AuthenticationSessionModel authenticationSession, String note) {
    this.session = session;
    this.authenticationSession = authenticationSession;
    this.note = note;
  }

  public final KeycloakSession session() {
    return session;
  }

  public final RealmModel realm() {
    return authenticationSession.getRealm();
  }

  public final AuthenticationSessionModel authenticationSession() {
    return authenticationSession;
  }

  /** The owner who is signed in or is signing in again, or null. */
  public abstract UserModel user();

  /** A new event with what is known of the request: client, address, code. */
  public abstract EventBuilder event();

  /** The id of the session that the owner has or will have. */
  public final String sessionId() {
    return authenticationSession.getParentSession().getId();
  }

  public final String clientId() {
    return authenticationSession.getClient().getClientId();
  }

  /** A parameter of the authorization request, or null. */
  public final String requested(String parameter) {
    return authenticationSession.getClientNote(
        LOGIN_SESSION_NOTE_ADDITIONAL_REQ_PARAMS_PREFIX + parameter);
  }

  // ---- what stands on the next page

  public final void keep(String field, String value) {
    Map<String, String> values = values();
    values.put(field, value == null ? "" : value);
    authenticationSession.setAuthNote(note, Json.write(values));
  }

  /** Keeps what was typed, so that it stands in its field again; never a secret. */
  public final void keepTyped(String field, String typed) {
    String text = typed == null ? "" : typed.strip();
    keep(field, text.length() <= MAX_TYPED ? text : text.substring(0, MAX_TYPED));
  }

  /** What was kept, or null. */
  public final String kept(String field) {
    return values().get(field);
  }

  @SuppressWarnings("unchecked")
  private Map<String, String> values() {
    String json = authenticationSession.getAuthNote(note);
    return json == null ? new HashMap<>() : Json.read(json, HashMap.class);
  }

  /** Says something on the next page, in place of what none has shown yet. It is said once. */
  public final void say(Message... messages) {
    authenticationSession.setAuthNote(MESSAGES, Json.write(messages));
  }

  /** Shows on a form what was kept and said. */
  final LoginFormsProvider filled(LoginFormsProvider form) {
    form.setAttribute("values", values());
    String said = authenticationSession.getAuthNote(MESSAGES);
    if (said != null) {
      authenticationSession.removeAuthNote(MESSAGES);
      List.of(Json.read(said, Message[].class)).forEach(message -> message.showOn(form));
    }
    return form;
  }
}
