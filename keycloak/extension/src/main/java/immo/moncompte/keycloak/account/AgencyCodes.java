package immo.moncompte.keycloak.account;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The two codes of an agency, as its letters print them.
 *
 * @param client code of the group, letters and digits
 * @param societe code of the company in the group, letters and digits
 */
public record AgencyCodes(String client, String societe) {

  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9]{1,32}");

  /** Codes as typed or taken from a URL; empty when one of them cannot be a code. */
  public static Optional<AgencyCodes> parse(String client, String societe) {
    if (client == null || societe == null) {
      return Optional.empty();
    }
    AgencyCodes codes = new AgencyCodes(client.strip(), societe.strip());
    boolean valid = CODE.matcher(codes.client).matches() && CODE.matcher(codes.societe).matches();
    return valid ? Optional.of(codes) : Optional.empty();
  }

  /** Codes as people write them: {@code 1001/01}. */
  public static Optional<AgencyCodes> parse(String written) {
    String[] parts = written.split("/", -1);
    return parts.length == 2 ? parse(parts[0], parts[1]) : Optional.empty();
  }

  /** Codes out of an organization's alias: {@code 1001-01}. */
  public static Optional<AgencyCodes> ofAlias(String alias) {
    String[] parts = alias.split("-", -1);
    return parts.length == 2 ? parse(parts[0], parts[1]) : Optional.empty();
  }

  /** Alias of the organization, {@code 1001-01}. Codes compare without case, hence lower case. */
  public String alias() {
    return (client + "-" + societe).toLowerCase(Locale.ROOT);
  }

  /** The codes as people write them, {@code 1001/01}. */
  @Override
  public String toString() {
    return client + "/" + societe;
  }
}
