package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.RealmSettings;
import org.jboss.logging.Logger;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Limits the guesses of one source at the secrets of one agency's owners within an hour. Guesses at
 * unknown identifiers count, too, because identifiers are sequential (specification, rule 8).
 *
 * @param subject what is counted: a source, at a kind of secret of an agency
 * @param where the same without the source, for the operator
 * @param limit guesses within an hour
 */
public record SourceLimit(Throttle throttle, String subject, String where, int limit) {

  private static final Logger LOGGER = Logger.getLogger(SourceLimit.class);

  /**
   * The limit that a request counts against.
   *
   * @param secret which secret is guessed at: provisional, personal, link
   * @param agencyAlias the agency, or a constant where none is known
   */
  public static SourceLimit of(
      KeycloakSession session, RealmModel realm, String secret, String agencyAlias) {
    String source = Source.of(session);
    return new SourceLimit(
        new Throttle(session, realm),
        secret + ":" + agencyAlias + ":" + source,
        secret + " at " + agencyAlias,
        RealmSettings.failuresPerSource(realm));
  }

  /**
   * Counts a guess before it is made.
   *
   * @param event an event of this request: the operator is told when the limit is passed
   * @return whether the guess may be made
   */
  public boolean admits(EventBuilder event) {
    Throttle.Admission admission = throttle.admit(subject, limit);
    if (admission == Throttle.Admission.FIRST_BEYOND) {
      tell(event);
    }
    return admission == Throttle.Admission.PASSES;
  }

  /** Undoes the count of a successful attempt. */
  public void refund() {
    throttle.refund(subject);
  }

  /** Leaves the guess counted. Costs what {@link #refund} costs, so that time tells nothing. */
  public void failed() {
    throttle.refund("wrong:" + subject);
  }

  private void tell(EventBuilder event) {
    LOGGER.warnf("One source made more than %d tries in an hour: %s", limit, where);
    event.event(EventType.LOGIN).detail("limit", where).error("source_throttled");
  }
}
