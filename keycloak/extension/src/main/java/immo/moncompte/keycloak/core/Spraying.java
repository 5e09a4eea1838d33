package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.core.Throttle.Admission;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Notices a source that tries one password on many accounts within an hour, and tells the operator
 * (specification, rule 8). It refuses nothing.
 *
 * <p>A password is counted as a keyed hash. The key is random and never leaves this process, so the
 * counts tell nothing of the password. Each node counts on its own.
 */
public record Spraying(KeycloakSession session, RealmModel realm) {

  private static final Logger LOGGER = Logger.getLogger(Spraying.class);
  private static final int MAX_ACCOUNTS = 10;
  private static final byte[] KEY = SecretGenerator.getInstance().randomBytes(32);

  /**
   * Counts an attempt, right or wrong, and whether or not there is such an account.
   *
   * @param name the name that was typed
   * @param events gives an event of this request
   */
  public void count(String name, String password, Supplier<EventBuilder> events) {
    Throttle throttle = new Throttle(session, realm);
    String sprayed = "sprayed:" + Source.of(session) + ":" + keyedHash(password);
    if (throttle.admits(sprayed + ":" + LinkSecret.hash(name), 1)
        && throttle.admit(sprayed, MAX_ACCOUNTS) == Admission.FIRST_BEYOND) {
      LOGGER.warnf("One source tried one password on more than %d accounts", MAX_ACCOUNTS);
      events.get().event(EventType.LOGIN).error("password_sprayed");
    }
  }

  private static String keyedHash(String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(KEY, mac.getAlgorithm()));
      return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
