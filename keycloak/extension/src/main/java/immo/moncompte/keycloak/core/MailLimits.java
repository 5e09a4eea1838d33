package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Throttle.Admission;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Limits the mails of one hour: to one recipient, for one account, from one source and for one
 * agency's owners (specification, rule 8).
 *
 * <p>Mails that the visitor is told of (S5, a new address), silent ones (S9) and those that
 * agencies cause are counted separately. S9 counts only if there is an account. If both shared a
 * limit, S5 would tell whose address has an account (specification, rule 7), and a stranger at S9
 * could keep an owner from activating.
 */
public record MailLimits(Throttle throttle, String kind, int limit) {

  /**
   * Limit of one source, as a multiple of the limit of one account: many people share an address.
   */
  private static final int SOURCE_FACTOR = 10;

  /**
   * Limit of one recipient over all accounts, as a multiple of the limit of one account. A stranger
   * can name somebody's address only in activations of their own, and must not use up what its
   * owner needs.
   */
  private static final int RECIPIENT_FACTOR = 10;

  /** Limit of one agency's owners, as a multiple of the limit of one account. */
  private static final int AGENCY_FACTOR = 100;

  private static MailLimits of(KeycloakSession session, RealmModel realm, String kind) {
    return new MailLimits(new Throttle(session, realm), kind, RealmSettings.mailsPerHour(realm));
  }

  /** Limits of mails that the visitor is told of. */
  public static MailLimits forToldMails(KeycloakSession session, RealmModel realm) {
    return of(session, realm, "mail");
  }

  /** Limits of mails that the visitor is not told of. */
  public static MailLimits forSilentMails(KeycloakSession session, RealmModel realm) {
    return of(session, realm, "mail-not-told");
  }

  /** Limits of mails that agencies cause. */
  public static MailLimits forAgencyMails(KeycloakSession session, RealmModel realm) {
    return of(session, realm, "mail-of-agency");
  }

  /**
   * Whether the cool-down of a mail is over. It then starts again.
   *
   * @param mail what a second mail would repeat
   */
  public boolean startsCooldown(String mail) {
    long seconds = RealmSettings.resendCooldown(throttle.realm()).toSeconds();
    return seconds == 0
        || throttle.session().singleUseObjects().putIfAbsent(kind + ":" + mail, seconds);
  }

  /**
   * Counts a request for a mail, whether or not one leaves.
   *
   * @param source what {@link Source#of} says of the connection
   */
  public Admission admitSource(String source) {
    return throttle.admit(kind + "-from:" + source, limit * SOURCE_FACTOR);
  }

  /**
   * Counts a mail to a recipient about an account. An account beyond its own limit uses up nothing
   * of the recipient's: else one letter would do to keep an owner's mails back.
   */
  public boolean admitsRecipient(String address, String accountId) {
    return throttle.admits(kind + "-of:" + accountId, limit)
        && throttle.admits(kind + "-to:" + LinkSecret.hash(address), limit * RECIPIENT_FACTOR);
  }

  /** Counts a mail of an agency. Call it last: a mail that another limit refuses does not count. */
  public boolean admitsAgency(String agencyAlias) {
    return throttle.admits(kind + "-agency:" + agencyAlias, limit * AGENCY_FACTOR);
  }
}
