package immo.moncompte.keycloak.account;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.RealmModel;

/** Settings of the operator's manifest for a realm, kept in realm attributes. */
public record RealmSettings(RealmModel realm) {

  private static final ZoneId FRANCE = ZoneId.of("Europe/Paris");
  private static final Duration MAX_RESET_LINK = Duration.ofHours(24);

  /** How long a letter's credentials work. */
  public Duration provisionalLifetime() {
    return seconds("moncompte.provisionalLifetime", Duration.ofDays(30));
  }

  public Duration verificationLinkLifetime() {
    return seconds("moncompte.verificationLinkLifetime", Duration.ofHours(24));
  }

  /** How long a link to choose a new password works: 24 hours at most (CNIL 2022-100). */
  public Duration resetLinkLifetime() {
    Duration set = seconds("moncompte.resetLinkLifetime", Duration.ofHours(1));
    return set.compareTo(MAX_RESET_LINK) < 0 ? set : MAX_RESET_LINK;
  }

  /** How long after a merge it can be undone. */
  public Duration unmergeLifetime() {
    return seconds("moncompte.unmergeLifetime", Duration.ofDays(30));
  }

  /** How long the link of a mail can dispute what the mail tells. */
  public Duration disputeLinkLifetime() {
    return seconds("moncompte.disputeLinkLifetime", Duration.ofDays(30));
  }

  /** How long an owner can refuse that contracts leave a personal account. */
  public Duration releaseDelay() {
    return seconds("moncompte.releaseDelay", Duration.ofDays(3));
  }

  /** Minimum time between two mails that are asked for. */
  public Duration resendCooldown() {
    return seconds("moncompte.resendCooldown", Duration.ofSeconds(60));
  }

  /** Failed guesses that one source may make in one agency within an hour. */
  public int failuresPerSource() {
    return realm.getAttribute("moncompte.perSource", 100);
  }

  /** Mails to one recipient and for one account within an hour. */
  public int mailsPerHour() {
    return realm.getAttribute("moncompte.mailsPerHour", 10);
  }

  /** The time zone of its owners. */
  public ZoneId timeZone() {
    String named = realm.getAttribute("moncompte.timeZone");
    return named == null ? FRANCE : ZoneId.of(named);
  }

  /** The address to which pages without an application lead, or null. */
  public String entranceUrl() {
    return realm.getAttribute("moncompte.entranceUrl");
  }

  public String termsVersion() {
    return realm.getAttribute("moncompte.termsVersion");
  }

  public String termsUrl() {
    return realm.getAttribute("moncompte.termsUrl");
  }

  public String privacyUrl() {
    return realm.getAttribute("moncompte.privacyUrl");
  }

  /** The terms to accept as pages show them: version and links; null when there are none. */
  public Map<String, String> termsShown() {
    if (termsVersion() == null) {
      return null;
    }
    Map<String, String> terms = new HashMap<>();
    terms.put("url", termsUrl());
    terms.put("privacyUrl", privacyUrl());
    terms.put("version", termsVersion());
    return terms;
  }

  /**
   * What the password policy's pattern asks for, in words; empty when the manifest does not say.
   */
  public Optional<String> passwordPatternSentence(Locale language) {
    return Optional.ofNullable(
        realm.getAttribute("moncompte.passwordPattern." + language.getLanguage()));
  }

  private Duration seconds(String attribute, Duration fallback) {
    return Duration.ofSeconds(realm.getAttribute(attribute, fallback.toSeconds()));
  }
}
