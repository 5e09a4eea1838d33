package immo.moncompte.keycloak.activation;

import static immo.moncompte.keycloak.core.Message.error;
import static org.keycloak.utils.StringUtil.isBlank;

import immo.moncompte.keycloak.core.Message;
import java.util.Locale;
import java.util.Optional;
import org.keycloak.utils.EmailValidationUtil;

/** Mail addresses as people type them. */
public final class Addresses {

  /** The longest address that mail can be sent to (RFC 5321, section 4.5.3.1.3). */
  private static final int MAX_LENGTH = 254;

  /** The longest part before the @ (RFC 5321, section 4.5.3.1.1). */
  private static final int MAX_LOCAL_PART = 64;

  private Addresses() {}

  /** The address in lower case. Empty if it is no address, or if no mail could reach it. */
  public static Optional<String> parse(String typed) {
    if (typed == null) {
      return Optional.empty();
    }
    String address = typed.strip().toLowerCase(Locale.ROOT);
    boolean valid =
        address.length() <= MAX_LENGTH
            && address.indexOf('@') > 0
            && address.substring(address.indexOf('@')).contains(".")
            && address.chars().noneMatch(Character::isISOControl)
            && localPartIsAscii(address)
            && EmailValidationUtil.isValidEmail(address, MAX_LOCAL_PART);
    return valid ? Optional.of(address) : Optional.empty();
  }

  /** The message for a field {@code email} that holds no usable address. */
  public static Message refusal(String typed) {
    return error("email", isBlank(typed) ? "emailMissing" : "emailInvalid");
  }

  /** The address as an agency may see it: {@code h•••@exemple.fr}. */
  public static String masked(String address) {
    int at = address.lastIndexOf('@');
    return at < 1 ? "•••" : address.charAt(0) + "•••" + address.substring(at);
  }

  private static boolean localPartIsAscii(String address) {
    // Mail servers without SMTPUTF8 refuse others; Keycloak refuses to send to them.
    return address.substring(0, address.lastIndexOf('@')).chars().allMatch(c -> c < 128);
  }
}
