package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Throttle.Limit;
import java.util.List;
import org.jboss.logging.Logger;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Limits the guesses of one source at one kind of secret within an hour. Guesses at unknown
 * identifiers count, too, because identifiers are sequential (specification, rule 8).
 */
public final class SourceLimit {

  private static final Logger LOGGER = Logger.getLogger(SourceLimit.class);

  /** Limit over all agencies, as a multiple of the limit at one. */
  private static final int ALL_AGENCIES_FACTOR = 3;

  private final Limits limits;
  private final String where;

  private SourceLimit(Limits limits, String where) {
    this.limits = limits;
    this.where = where;
  }

  /**
   * The limit on a kind of secret that belongs to no agency.
   *
   * @param secret which secret is guessed at: personal, passkey, choosing
   */
  public static SourceLimit of(KeycloakSession session, RealmModel realm, String secret) {
    return ofOne(session, realm, secret, "any");
  }

  /**
   * The limit on the links of one account, so that guesses at others keep nobody from a link.
   *
   * @param userId id of the account, or any text for keys of no account
   */
  static SourceLimit ofLinks(KeycloakSession session, RealmModel realm, String userId) {
    return ofOne(session, realm, "link", userId);
  }

  private static SourceLimit ofOne(
      KeycloakSession session, RealmModel realm, String secret, String whose) {
    Limit limit = Limit.ofAnHour(secret + ":" + whose + ":" + Source.of(session), failures(realm));
    return new SourceLimit(new Limits(new Throttle(session, realm), List.of(limit)), secret);
  }

  /** The limits on a kind of secret of one agency's owners: at this agency, and over all. */
  public static SourceLimit of(
      KeycloakSession session, RealmModel realm, String secret, String agencyAlias) {
    String source = Source.of(session);
    int failures = failures(realm);
    List<Limit> limits =
        List.of(
            Limit.ofAnHour(secret + ":" + agencyAlias + ":" + source, failures),
            Limit.ofAnHour(secret + ":all:" + source, failures * ALL_AGENCIES_FACTOR));
    return new SourceLimit(
        new Limits(new Throttle(session, realm), limits), secret + " at " + agencyAlias);
  }

  private static int failures(RealmModel realm) {
    return RealmSettings.failuresPerSource(realm);
  }

  /**
   * Counts a guess before it is made.
   *
   * @param event an event of this request: the operator is told when a limit is passed
   * @return whether the guess may be made
   */
  public boolean admits(EventBuilder event) {
    Throttle.Admission admission = limits.admit();
    if (admission == Throttle.Admission.FIRST_BEYOND) {
      tell(event);
    }
    return admission == Throttle.Admission.PASSES;
  }

  /** Undoes the count of a successful attempt. */
  public void refund() {
    limits.settle(true);
  }

  /** Leaves the guess counted. Costs what {@link #refund} costs, so that time tells nothing. */
  public void failed() {
    limits.settle(false);
  }

  private void tell(EventBuilder event) {
    LOGGER.warnf("One source made too many tries in an hour: %s", where);
    event.event(EventType.LOGIN).detail("limit", where).error("source_throttled");
  }
}
