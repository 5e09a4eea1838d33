package immo.moncompte.keycloak.account;

import java.time.Instant;
import org.keycloak.models.UserModel;

/** Moments in user attributes, as seconds since the epoch. */
final class Seconds {

  private Seconds() {}

  /** The moment, or null. */
  static Instant read(UserModel user, String attribute) {
    String seconds = user.getFirstAttribute(attribute);
    return seconds == null ? null : Instant.ofEpochSecond(Long.parseLong(seconds));
  }

  static void write(UserModel user, String attribute, Instant at) {
    user.setSingleAttribute(attribute, Long.toString(at.getEpochSecond()));
  }
}
