package immo.moncompte.keycloak.owners;

import java.util.List;
import java.util.Objects;

/** Limits of the lists that a request brings or asks for. */
final class Many {

  /** Most entries of a list that one request brings, or of a page that one answer holds. */
  static final int MAX = 1_000;

  private Many() {}

  /** Refuses a list that is missing, has a null in it or is too long. */
  static void require(String name, List<?> values, int most) {
    if (values == null || values.stream().anyMatch(Objects::isNull)) {
      throw Refusals.badRequest(name + "_missing", "The body needs \"" + name + "\".");
    }
    if (values.size() > most) {
      throw Refusals.badRequest("too_many", "At most " + most + " " + name + " a call.");
    }
  }

  /** How many entries a page has when so many are asked for. */
  static int pageOf(int asked, int most) {
    return Math.max(1, Math.min(asked, most));
  }
}
