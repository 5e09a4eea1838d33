package immo.moncompte.keycloak.account;

import java.time.Instant;
import org.keycloak.models.UserModel;

/** Which version of the CGU an owner has accepted, and when (specification, rule 11). */
public record Consent(UserModel user) {

  private static final String VERSION = "terms_version";
  private static final String ACCEPTED_AT = "terms_accepted_at";

  /** The version accepted last, or null. */
  public String version() {
    return user.getFirstAttribute(VERSION);
  }

  public void accept(String version, Instant at) {
    user.setSingleAttribute(VERSION, version);
    Seconds.write(user, ACCEPTED_AT, at);
  }
}
