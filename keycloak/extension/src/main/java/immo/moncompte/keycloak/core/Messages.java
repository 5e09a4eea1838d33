package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Json;
import java.util.Arrays;
import java.util.List;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.sessions.AuthenticationSessionModel;

/** What the next page of a sign-in or an action says. It is said once. */
public final class Messages {

  private static final String NOTE = "moncompte.messages";

  private Messages() {}

  /**
   * A message of a page.
   *
   * @param field the field it is about, or null
   * @param key key in the theme's messages
   * @param parameters the numbers in the message; never what was typed
   * @param type error, info or success
   */
  public record Message(String field, String key, List<Long> parameters, String type) {

    /** The message as a form takes an error. */
    public FormMessage asError() {
      return new FormMessage(field, key, parameters.toArray());
    }

    private void showOn(LoginFormsProvider form) {
      switch (type) {
        case "info" -> form.setInfo(key, parameters.toArray());
        case "success" -> form.setSuccess(key, parameters.toArray());
        default -> form.addError(asError());
      }
    }
  }

  public static Message error(String field, String key, Long... parameters) {
    return new Message(field, key, Arrays.asList(parameters), "error");
  }

  public static Message info(String key, Long... parameters) {
    return new Message(null, key, Arrays.asList(parameters), "info");
  }

  public static Message success(String key, Long... parameters) {
    return new Message(null, key, Arrays.asList(parameters), "success");
  }

  /** Keeps messages for the next page, in place of those that it has not shown yet. */
  static void keep(AuthenticationSessionModel authSession, List<Message> messages) {
    authSession.setAuthNote(NOTE, Json.write(messages));
  }

  /** Shows the messages on a page, and forgets them. */
  static void show(AuthenticationSessionModel authSession, LoginFormsProvider form) {
    String json = authSession.getAuthNote(NOTE);
    if (json == null) {
      return;
    }
    authSession.removeAuthNote(NOTE);
    for (Message message : Json.read(json, Message[].class)) {
      message.showOn(form);
    }
  }
}
