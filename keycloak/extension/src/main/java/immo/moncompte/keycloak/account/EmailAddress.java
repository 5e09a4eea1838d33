package immo.moncompte.keycloak.account;

import java.net.IDN;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Email addresses in their one form (specification, rule 15): lower case, the domain in ASCII
 * (A-labels). Two texts that reach one mailbox are one address. The command does the same in {@code
 * provisioning/email_address.py}, and {@code tests/addresses.json} has examples for both.
 */
public final class EmailAddress {

  /** The longest address that mail can be sent to (RFC 5321, section 4.5.3.1.3). */
  private static final int MAX_LENGTH = 254;

  /** The longest part before the @ (RFC 5321, section 4.5.3.1.1). */
  private static final int MAX_LOCAL_PART = 64;

  /** Control and format characters, and letters and marks that are not shown either. */
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\p{Cc}\\p{Cf}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\ufe00-\\ufe0f"
              + "\\uffa0\\x{e0100}-\\x{e01ef}]");

  /** An address literal, or a top-level domain that begins with a digit. */
  private static final Pattern NUMERIC = Pattern.compile("^\\[|(?:^|\\.)[0-9][^.]*$");

  private static final String ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern WELL_FORMED =
      Pattern.compile(
          "(%1$s(?:\\.%1$s)*)@%2$s(?:\\.%2$s)+".replace("%1$s", ATOM).replace("%2$s", LABEL));

  /**
   * What a domain may consist of (roughly IDNA 2008). Java knows IDNA 2003, which makes ss of ß and
   * so names the domain of somebody else. Those two letters are refused; the A-label can be typed.
   */
  private static final Pattern DOMAIN =
      Pattern.compile("(?:[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}\\p{Nd}.-]|(?<=l)·(?=l))+");

  private static final Pattern DEVIATION = Pattern.compile("[ßς]");

  private EmailAddress() {}

  /** The address in its one form; empty when it is none. */
  public static Optional<String> parse(String typed) {
    return Optional.ofNullable(read(typed).address);
  }

  /** Key of the message that says why {@link #parse} refuses a text. */
  public static String refusal(String typed) {
    return read(typed).refusal;
  }

  /** The address as people read it, its domain in their letters; null for none. */
  public static String shown(String address) {
    if (address == null) {
      return null;
    }
    int at = address.indexOf('@') + 1;
    String shown = address.substring(0, at) + IDN.toUnicode(address.substring(at));
    return parse(shown).filter(address::equals).isPresent() ? shown : address;
  }

  /** The address as an agency may see it: {@code h•••@exemple.fr}. */
  public static String masked(String address) {
    String shown = shown(address);
    int at = shown.lastIndexOf('@');
    return at < 1 ? "•••" : shown.charAt(0) + "•••" + shown.substring(at);
  }

  /** One of the two is null. */
  private record Reading(String address, String refusal) {}

  private static Reading refused(String refusal) {
    return new Reading(null, refusal);
  }

  private static Reading read(String typed) {
    String text = typed == null ? "" : trimmed(typed);
    if (isNormal(text)) {
      return new Reading(text, null);
    }
    if (text.isEmpty()) {
      return refused("emailMissing");
    }
    if (text.length() > MAX_LENGTH) {
      return refused("emailInvalid");
    }
    if (INVISIBLE.matcher(text).find()) {
      return refused("emailInvisible");
    }
    int at = text.lastIndexOf('@');
    if (at < 0) {
      return refused("emailInvalid");
    }
    String domain = inAscii(text.substring(at + 1));
    if (NUMERIC.matcher(domain).find()) {
      return refused("emailNumeric");
    }
    String address = localPart(text.substring(0, at)) + "@" + domain;
    if (!address.chars().allMatch(character -> character < 128)) {
      return refused("emailCharacters");
    }
    return isNormal(address) ? new Reading(address, null) : refused("emailInvalid");
  }

  /** Whether a text is an address in its one form. A load asks often, so this comes first. */
  private static boolean isNormal(String text) {
    return text.length() <= MAX_LENGTH
        && text.indexOf('@') <= MAX_LOCAL_PART
        && WELL_FORMED.matcher(text).matches()
        && !Character.isDigit(text.charAt(text.lastIndexOf('.') + 1));
  }

  /** Without spaces of any kind around it. Not a pattern: long texts would keep it busy. */
  private static String trimmed(String typed) {
    int begin = 0;
    int end = typed.length();
    while (begin < end && isSpace(typed.charAt(begin))) {
      begin++;
    }
    while (begin < end && isSpace(typed.charAt(end - 1))) {
      end--;
    }
    return typed.substring(begin, end);
  }

  private static boolean isSpace(char character) {
    return Character.isWhitespace(character) || Character.isSpaceChar(character);
  }

  /** A phone makes a typographic apostrophe of the one that its owner types. */
  private static String localPart(String typed) {
    return Normalizer.normalize(typed, Form.NFC)
        .replace('’', '\'')
        .replace('‘', '\'')
        .toLowerCase(Locale.ROOT);
  }

  /** The domain in A-labels; as it was typed when that is not possible. */
  private static String inAscii(String typed) {
    String domain =
        Normalizer.normalize(
            Normalizer.normalize(typed, Form.NFKC).toLowerCase(Locale.ROOT).replace('。', '.'),
            Form.NFC);
    if (domain.chars().allMatch(character -> character < 128)) {
      return domain;
    }
    if (!DOMAIN.matcher(domain).matches() || DEVIATION.matcher(domain).find()) {
      return typed;
    }
    try {
      return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return typed;
    }
  }
}
