package immo.moncompte.keycloak.account;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A link in a mail. It opens a page that changes an account, and is kept on that account.
 *
 * @param kind what its page does
 * @param hash SHA-256 of its secret, in hexadecimal; empty as long as no mail was sent
 * @param expires until when it works, seconds since the epoch
 * @param sentAt when the mail was asked for, seconds since the epoch
 * @param clientId client id of the application that the owner came from, or null
 * @param locale language tag of the mails, or null
 * @param stamp what the account was like when the link was made; null if the link outlives changes
 * @param data what else its page needs, by name
 */
public record MailLink(
    Kind kind,
    String hash,
    long expires,
    long sentAt,
    String clientId,
    String locale,
    String stamp,
    Map<String, String> data) {

  /** What a page does that a link opens. */
  public enum Kind {
    /** Confirms the address chosen at S3, or merges when the address has a personal account. */
    ACTIVATION(false),
    /** Activates with the address that the agency's file holds. */
    ACTIVATION_BY_MAIL(false),
    /** Takes a new password. */
    RESET(false),
    /** Says that the password was reset. */
    RESET_DONE(false),
    /** Confirms a new address of a personal account. */
    ADDRESS(false),
    /** Merges a personal account into another one. */
    MERGE_ACCOUNTS(false),
    /** Freezes the account because its owner disputes a change. */
    DISPUTE(true),
    /** Refuses that an agency takes an identifier away. */
    RELEASE(true);

    private final boolean outlivesChanges;

    Kind(boolean outlivesChanges) {
      this.outlivesChanges = outlivesChanges;
    }

    /** Whether a link stays valid when the account changes; then an account can have several. */
    public boolean outlivesChanges() {
      return outlivesChanges;
    }
  }

  /**
   * Name of what a link is about, in its data: an address, an identifier or another account's id. A
   * link about something else is no repetition, so no cool-down holds it up.
   */
  public static final String TARGET = "target";

  /** Name of the SHA-256 of a cookie of the browser that asked, in the data. */
  public static final String BROWSER = "browser";

  /** A link that was asked for; no mail was sent yet. */
  public static MailLink asked(
      Kind kind, String clientId, String locale, Map<String, String> data) {
    return new MailLink(kind, "", 0, 0, clientId, locale, null, data);
  }

  /** This link with a secret, a life and a stamp. */
  public MailLink sent(String secretHash, Instant at, Instant until, String accountStamp) {
    return new MailLink(
        kind,
        secretHash,
        until.getEpochSecond(),
        at.getEpochSecond(),
        clientId,
        locale,
        accountStamp,
        data);
  }

  /** This link with the stamp of its account. */
  public MailLink stamped(String accountStamp) {
    return new MailLink(kind, hash, expires, sentAt, clientId, locale, accountStamp, data);
  }

  /** This link with the secret, the life and the stamp of another one, whose mail has left. */
  public MailLink withSecretOf(MailLink other) {
    return new MailLink(
        kind, other.hash, other.expires, other.sentAt, clientId, locale, other.stamp, data);
  }

  /** This link with another value in its data. */
  public MailLink with(String name, String value) {
    Map<String, String> changed = new HashMap<>(data);
    changed.put(name, value);
    return new MailLink(kind, hash, expires, sentAt, clientId, locale, stamp, changed);
  }

  /** A value of the data, or null. */
  public String get(String name) {
    return data.get(name);
  }

  public boolean hasTargetOf(MailLink other) {
    return Objects.equals(get(TARGET), other.get(TARGET));
  }

  /** Whether it is about an identifier that an agency wants back. */
  public boolean isAbout(Identifier identifier) {
    return identifier.attributeValue().equals(get(TARGET));
  }

  public boolean isExpired(Instant now) {
    return now.getEpochSecond() >= expires;
  }
}
