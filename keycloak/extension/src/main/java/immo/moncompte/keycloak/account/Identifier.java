package immo.moncompte.keycloak.account;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An « identifiant provisoire », unique in its agency. As written, identifiers are compared
 * trimmed, in NFC and without case, their apostrophes plain ones. One that is not found as written
 * is looked for by its {@link #bare} form (specification, rule 15). The same forms are in {@code
 * provisioning/owners/row.py}, and {@code tests/identifiers.json} has examples for both.
 *
 * @param agencyAlias alias of the agency's organization, {@code 1001-01}
 * @param written the identifier as the agency writes it, trimmed, in NFC and with plain apostrophes
 */
public record Identifier(String agencyAlias, String written) {

  private static final int MAX_LENGTH = 64;
  private static final int MAX_USERNAME_LENGTH = 255;

  /** Spaces, dashes, dots and what cannot be seen. */
  private static final Pattern SEPARATORS =
      Pattern.compile("[\\p{Z}\\p{Cc}\\p{Cf}\\p{Pd}.·•\\x{2212}\\x{3002}]+");

  /** The identifier typed or loaded; empty when it is blank, too long or no plain text. */
  public static Optional<Identifier> parse(String agencyAlias, String typed) {
    if (typed == null) {
      return Optional.empty();
    }
    // A phone makes a typographic apostrophe of the one that its owner types.
    String written =
        Normalizer.normalize(typed.strip(), Normalizer.Form.NFC)
            .replace('’', '\'')
            .replace('‘', '\'');
    boolean plausible =
        !written.isEmpty() && written.length() <= MAX_LENGTH && PlainText.is(written);
    if (!plausible) {
      return Optional.empty();
    }
    Identifier identifier = new Identifier(agencyAlias, written);
    boolean fits = identifier.username().length() <= MAX_USERNAME_LENGTH;
    return fits ? Optional.of(identifier) : Optional.empty();
  }

  /** The form in which identifiers are compared. */
  public String compared() {
    return Normalizer.normalize(written.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
  }

  /**
   * What is left without spaces, dashes, dots, width and case. Several identifiers of an agency may
   * have the same.
   */
  public String bare() {
    return bare(compared());
  }

  /** The same of any text. */
  public static String bare(String text) {
    String narrow = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String bare =
        SEPARATORS.matcher(Normalizer.normalize(narrow, Normalizer.Form.NFKC)).replaceAll("");
    return bare.isEmpty() ? text : bare;
  }

  /**
   * Whether an agency wrote this identifier so.
   *
   * @param codes codes of the agency, {@code 1001/01}
   */
  public boolean isWritten(String codes, String text) {
    return codes.replace('/', '-').equalsIgnoreCase(agencyAlias)
        && parse(agencyAlias, text)
            .filter(other -> other.compared().equals(compared()))
            .isPresent();
  }

  /** Value of the user attribute {@code identifiers}: {@code 1001/01/p00012}. */
  public String attributeValue() {
    return value(compared());
  }

  /** The same of the bare form: {@code 1001/01/p00012} of {@code P-00012}. */
  public String bareValue() {
    return value(bare());
  }

  private String value(String form) {
    return agencyAlias.replace('-', '/') + "/" + form;
  }

  /** The identifier of a value of the attribute. */
  static Identifier ofValue(String value) {
    String[] parts = value.split("/", 3);
    return new Identifier(parts[0] + "-" + parts[1], parts[2]);
  }

  /**
   * Username of the provisional account: {@code 1001-01_p00012}. It is unique, without {@code @}
   * and without characters that Keycloak refuses: each byte of a character other than {@code a-z
   * 0-9 -} becomes a dot and two hexadecimal digits.
   */
  public String username() {
    StringBuilder username = new StringBuilder(agencyAlias).append('_');
    for (byte octet : compared().getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xff);
      if (isPlain(character)) {
        username.append(character);
      } else {
        username.append(String.format(Locale.ROOT, ".%02x", octet & 0xff));
      }
    }
    return username.toString();
  }

  private static boolean isPlain(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= '0' && character <= '9')
        || character == '-';
  }
}
