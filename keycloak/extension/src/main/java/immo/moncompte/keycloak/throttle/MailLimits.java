package immo.moncompte.keycloak.throttle;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.throttle.Throttle.Admission;
import immo.moncompte.keycloak.web.LinkSecret;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * How many mails may be asked for within the hour: to one recipient, for one account, from one
 * source and for one agency's owners (spec, rule 8).
 */
public final class MailLimits {

  /** From one source, as a multiple of those for one account: many share an address. */
  private static final int SOURCE_FACTOR = 10;

  /** For one agency's owners, as a multiple of those for one account. */
  private static final int AGENCY_FACTOR = 100;

  private final Throttle throttle;
  private final int limit;

  public MailLimits(KeycloakSession session, RealmModel realm) {
    this.throttle = new Throttle(session, realm);
    this.limit = new RealmSettings(realm).mailsPerHour();
  }

  /**
   * Counts a request for a mail, whether or not one leaves.
   *
   * @param source what {@link Source#of} says of the connection
   */
  public Admission admitSource(String source) {
    return throttle.admit("mail-from:" + source, limit * SOURCE_FACTOR);
  }

  /** Counts a mail to a recipient about an account; both are counted, whichever refuses. */
  public boolean admitsRecipient(String address, String accountId) {
    boolean recipient = throttle.admits("mail-to:" + LinkSecret.hash(address), limit);
    boolean ofAccount = throttle.admits("mail-of:" + accountId, limit);
    return recipient && ofAccount;
  }

  /**
   * Counts a mail that leaves if this lets it: what was refused before is no mail of the agency.
   */
  public boolean admitsAgency(String agencyAlias) {
    return throttle.admits("mail-agency:" + agencyAlias, limit * AGENCY_FACTOR);
  }
}
