package immo.moncompte.keycloak.owners;

import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;

/** Lists that a request may hold: there, whole, and not endless. */
final class Many {

  /** Most entries of a list that one request brings, or of a page that one answer holds. */
  static final int MOST = 1_000;

  private Many() {}

  /** The list, or the refusal that says what is wrong with it. */
  static <T> List<T> require(String name, List<T> values) {
    if (values == null || values.stream().anyMatch(Objects::isNull)) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, name + "_missing", "The body needs \"" + name + "\".");
    }
    if (values.size() > MOST) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "too_many", "At most " + MOST + " " + name + " a call.");
    }
    return values;
  }
}
