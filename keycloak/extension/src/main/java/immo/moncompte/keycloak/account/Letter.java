package immo.moncompte.keycloak.account;

import java.time.Instant;
import org.keycloak.models.UserModel;

/**
 * The letter with the provisional credentials of an account: how long they work, how far it got.
 */
public record Letter(UserModel user) {

  /** Attribute that holds when the credentials expire. */
  public static final String EXPIRES = "provisional_expires";

  /** Attribute that holds when the letter was made. */
  public static final String MADE_AT = "letter_at";

  /** Attribute that holds when the credentials were first used. */
  public static final String STARTED_AT = "started_at";

  /** When the credentials expire; null for an account that needs none. */
  public Instant expires() {
    return Seconds.read(user, EXPIRES);
  }

  public void setExpires(Instant expires) {
    Seconds.write(user, EXPIRES, expires);
  }

  /** Whether the credentials are older than the operator allows (specification, rule 3). */
  public boolean isExpired(Instant now) {
    Instant expires = expires();
    return expires == null || !now.isBefore(expires);
  }

  /** When the agency made the letter with the credentials that work now; null before. */
  public Instant madeAt() {
    return Seconds.read(user, MADE_AT);
  }

  public void setMadeAt(Instant at) {
    Seconds.write(user, MADE_AT, at);
  }

  /** When the credentials were first used; null before. */
  public Instant startedAt() {
    return Seconds.read(user, STARTED_AT);
  }

  public void setStartedAt(Instant at) {
    Seconds.write(user, STARTED_AT, at);
  }

  /** New credentials need a new letter, with which the owner starts again. */
  public void forget() {
    user.removeAttribute(MADE_AT);
    user.removeAttribute(STARTED_AT);
  }

  /** The account is personal from now on. */
  void end() {
    user.removeAttribute(EXPIRES);
    forget();
  }
}
