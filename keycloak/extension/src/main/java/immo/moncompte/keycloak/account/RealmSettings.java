package immo.moncompte.keycloak.account;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.RealmModel;

/** Settings of the operator's manifest for a realm, kept in realm attributes. */
public final class RealmSettings {

  private static final ZoneId FRANCE = ZoneId.of("Europe/Paris");
  private static final Duration MAX_RESET_LINK = Duration.ofHours(24);

  private RealmSettings() {}

  /** How long a letter's credentials work. */
  public static Duration provisionalLifetime(RealmModel realm) {
    return seconds(realm, "moncompte.provisionalLifetime", Duration.ofDays(30));
  }

  public static Duration verificationLinkLifetime(RealmModel realm) {
    return seconds(realm, "moncompte.verificationLinkLifetime", Duration.ofHours(24));
  }

  /** How long a link to choose a new password works: 24 hours at most (CNIL 2022-100). */
  public static Duration resetLinkLifetime(RealmModel realm) {
    Duration set = seconds(realm, "moncompte.resetLinkLifetime", Duration.ofHours(1));
    return set.compareTo(MAX_RESET_LINK) < 0 ? set : MAX_RESET_LINK;
  }

  /** How long after a merge it can be undone. */
  public static Duration unmergeLifetime(RealmModel realm) {
    return seconds(realm, "moncompte.unmergeLifetime", Duration.ofDays(30));
  }

  /** How long the link of a mail can dispute what the mail tells. */
  public static Duration disputeLinkLifetime(RealmModel realm) {
    return seconds(realm, "moncompte.disputeLinkLifetime", Duration.ofDays(30));
  }

  /** How long an owner can refuse that contracts leave a personal account. */
  public static Duration releaseDelay(RealmModel realm) {
    return seconds(realm, "moncompte.releaseDelay", Duration.ofDays(3));
  }

  /** Minimum time between two mails that are asked for. */
  public static Duration resendCooldown(RealmModel realm) {
    return seconds(realm, "moncompte.resendCooldown", Duration.ofSeconds(60));
  }

  /** Failed guesses that one source may make in one agency within an hour. */
  public static int failuresPerSource(RealmModel realm) {
    return realm.getAttribute("moncompte.perSource", 100);
  }

  /** Mails to one recipient and for one account within an hour. */
  public static int mailsPerHour(RealmModel realm) {
    return realm.getAttribute("moncompte.mailsPerHour", 10);
  }

  /** Different accounts that one source may ask for at S9 within an hour. */
  public static int accountsPerSource(RealmModel realm) {
    return realm.getAttribute("moncompte.accountsPerSource", 5);
  }

  /** The time zone of its owners. */
  public static ZoneId timeZone(RealmModel realm) {
    String named = realm.getAttribute("moncompte.timeZone");
    return named == null ? FRANCE : ZoneId.of(named);
  }

  /** The address to which pages without an application lead, or null. */
  public static String entranceUrl(RealmModel realm) {
    return realm.getAttribute("moncompte.entranceUrl");
  }

  public static String termsVersion(RealmModel realm) {
    return realm.getAttribute("moncompte.termsVersion");
  }

  /** The terms to accept as pages show them: version and links; null when there are none. */
  public static Map<String, String> termsShown(RealmModel realm) {
    if (termsVersion(realm) == null) {
      return null;
    }
    Map<String, String> terms = new HashMap<>();
    terms.put("url", realm.getAttribute("moncompte.termsUrl"));
    terms.put("privacyUrl", realm.getAttribute("moncompte.privacyUrl"));
    terms.put("version", termsVersion(realm));
    return terms;
  }

  /**
   * What the password policy's pattern asks for, in words; empty when the manifest does not say.
   */
  public static Optional<String> passwordPatternSentence(RealmModel realm, Locale language) {
    return Optional.ofNullable(
        realm.getAttribute("moncompte.passwordPattern." + language.getLanguage()));
  }

  private static Duration seconds(RealmModel realm, String attribute, Duration fallback) {
    return Duration.ofSeconds(realm.getAttribute(attribute, fallback.toSeconds()));
  }
}
