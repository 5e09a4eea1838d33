package immo.moncompte.keycloak.core;

import jakarta.ws.rs.core.UriBuilder;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;

/**
 * What a link in a mail carries: whose account it is about, and a secret that proves the mailbox.
 *
 * @param userId id of the account
 * @param secret the link's secret, of which the account holds the hash
 */
public record LinkKey(String userId, String secret) {

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f-]{36})\\.(" + LinkSecret.FORM + ")");

  public static Optional<LinkKey> parse(String key) {
    if (key == null) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(key);
    return matcher.matches()
        ? Optional.of(new LinkKey(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /**
   * Address of the page that the link opens.
   *
   * @param page the page's path below {@code /realms/{realm}/moncompte}, for instance {@code
   *     activation}
   */
  public String url(KeycloakSession session, String page) {
    return url(pages(session), page);
  }

  /** The same, where no request is at hand: with what {@link #pages} gave. */
  public String url(String pages, String page) {
    return pages + "/" + page + "?key=" + userId + "." + secret;
  }

  /** Address of all these pages, as this request's server is known to the world. */
  public static String pages(KeycloakSession session) {
    return UriBuilder.fromUri(session.getContext().getUri().getBaseUri())
        .path("realms/{realm}/moncompte")
        .build(session.getContext().getRealm().getName())
        .toString();
  }
}
