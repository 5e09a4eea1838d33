package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Throttle;
import immo.moncompte.keycloak.core.Throttle.Limit;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * How many different accounts a source asks for at S9 within an hour (specification, rule 8).
 *
 * <p>What is typed is counted, whether or not there is an account. Otherwise a visitor could ask
 * for others and then for their own account, and learn from the mail that comes or not which of the
 * others exist (specification, rule 7).
 */
record AskedAccounts(Throttle throttle, String source, int limit) {

  static AskedAccounts of(KeycloakSession session, RealmModel realm, String source) {
    return new AskedAccounts(
        new Throttle(session, realm), source, RealmSettings.accountsPerSource(realm));
  }

  /**
   * Counts an account, unless the source has asked for it within the hour.
   *
   * @param typed the address or identifier typed, in the form in which it is compared
   * @return whether the source may ask for it
   */
  boolean admits(String typed) {
    String asked = "asked-from:" + source + ":" + LinkSecret.hash(typed);
    if (throttle.isFull(Limit.ofAnHour(asked, 1))) {
      return true;
    }
    // Counted before it is noted: of two requests at once, both count, and none slips through.
    boolean admits = throttle.admits(accounts(), limit);
    if (admits) {
      throttle.admit(asked, 1);
    }
    return admits;
  }

  /** Whether the source has asked for one account only. */
  boolean isOnlyOne() {
    return !throttle.isFull(Limit.ofAnHour(accounts(), 2));
  }

  private String accounts() {
    return "accounts-from:" + source;
  }
}
