package immo.moncompte.keycloak.core;

import java.util.Arrays;
import java.util.List;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.utils.FormMessage;

/**
 * What a page says.
 *
 * @param field the field it is about, or null
 * @param key key in the theme's messages
 * @param parameters the numbers in the message; never what was typed
 * @param type error, info or success
 */
public record Message(String field, String key, List<Long> parameters, String type) {

  public static Message error(String field, String key, Long... parameters) {
    return new Message(field, key, Arrays.asList(parameters), "error");
  }

  public static Message info(String key, Long... parameters) {
    return new Message(null, key, Arrays.asList(parameters), "info");
  }

  public static Message success(String key, Long... parameters) {
    return new Message(null, key, Arrays.asList(parameters), "success");
  }

  /** The message as a form takes an error. */
  public FormMessage asError() {
    return new FormMessage(field, key, parameters.toArray());
  }

  void showOn(LoginFormsProvider form) {
    switch (type) {
      case "info" -> form.setInfo(key, parameters.toArray());
      case "success" -> form.setSuccess(key, parameters.toArray());
      default -> form.addError(asError());
    }
  }
}
