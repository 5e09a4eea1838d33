package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Json;
import java.util.HashMap;
import java.util.Map;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Values that one page keeps for the next, so that what was typed stands in its field again. Never
 * a secret.
 *
 * @param visit where they are kept
 * @param note name of the note that holds them
 */
record KeptValues(AuthenticationSessionModel visit, String note) {

  private static final int MAX_TYPED = 255;

  void keep(String field, String value) {
    Map<String, String> values = all();
    values.put(field, value == null ? "" : value);
    visit.setAuthNote(note, Json.write(values));
  }

  /** Keeps what was typed, without spaces around it and without what is too long. */
  void keepTyped(String field, String typed) {
    String text = typed == null ? "" : typed.strip();
    keep(field, text.length() <= MAX_TYPED ? text : text.substring(0, MAX_TYPED));
  }

  /** A value, or null. */
  String get(String field) {
    return all().get(field);
  }

  @SuppressWarnings("unchecked")
  Map<String, String> all() {
    String json = visit.getAuthNote(note);
    return json == null ? new HashMap<>() : Json.read(json, HashMap.class);
  }
}
