package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Throttle.Admission;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * How many mails may be asked for within the hour: to one recipient, for one account, from one
 * source and for one agency's owners (spec, rule 8).
 *
 * <p>What a visitor is told of (S5, a new address) and what nobody is told of (S9) are counted
 * apart. S9 counts only where there is an account: if it used up what S5 has left, S5 would tell
 * whose address has one (rule 7), and whoever asks at S9 in an owner's place could keep the owner
 * from activating.
 */
public final class MailLimits {

  /** From one source, as a multiple of those for one account: many share an address. */
  private static final int SOURCE_FACTOR = 10;

  /** For one agency's owners, as a multiple of those for one account. */
  private static final int AGENCY_FACTOR = 100;

  private final Throttle throttle;
  private final String kind;
  private final int limit;

  private MailLimits(KeycloakSession session, RealmModel realm, String kind) {
    this.throttle = new Throttle(session, realm);
    this.kind = kind;
    this.limit = new RealmSettings(realm).mailsPerHour();
  }

  /** Of mails that the visitor is told of: that they leave, or that there were too many. */
  public MailLimits(KeycloakSession session, RealmModel realm) {
    this(session, realm, "mail");
  }

  /** Of mails that leave or not without the visitor being told. */
  public static MailLimits forSilentMails(KeycloakSession session, RealmModel realm) {
    return new MailLimits(session, realm, "mail-not-told");
  }

  /**
   * Counts a request for a mail, whether or not one leaves.
   *
   * @param source what {@link Source#of} says of the connection
   */
  public Admission admitSource(String source) {
    return throttle.admit(kind + "-from:" + source, limit * SOURCE_FACTOR);
  }

  /** Counts a mail to a recipient about an account; both are counted, whichever refuses. */
  public boolean admitsRecipient(String address, String accountId) {
    boolean recipient = throttle.admits(kind + "-to:" + LinkSecret.hash(address), limit);
    boolean ofAccount = throttle.admits(kind + "-of:" + accountId, limit);
    return recipient && ofAccount;
  }

  /**
   * Counts a mail that leaves if this lets it: what was refused before is no mail of the agency.
   */
  public boolean admitsAgency(String agencyAlias) {
    return throttle.admits(kind + "-agency:" + agencyAlias, limit * AGENCY_FACTOR);
  }
}
