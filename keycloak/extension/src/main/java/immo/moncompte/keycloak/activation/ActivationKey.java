package immo.moncompte.keycloak.activation;

import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.models.RealmModel;

/**
 * What the link of M1 carries: whose activation it is, and the secret that proves the mailbox.
 *
 * @param userId id of the provisional account
 * @param secret the link's secret, of which the account holds the hash
 */
public record ActivationKey(String userId, String secret) {

  private static final Pattern FORM = Pattern.compile("([0-9a-f-]{36})\\.([A-Za-z0-9_-]{27})");

  public static Optional<ActivationKey> parse(String key) {
    if (key == null) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(key);
    return matcher.matches()
        ? Optional.of(new ActivationKey(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  /** Address of the page that the link opens. */
  public static String url(URI base, RealmModel realm, String userId, String secret) {
    return UriBuilder.fromUri(base)
        .path("realms/{realm}/moncompte/activation")
        .queryParam("key", userId + "." + secret)
        .build(realm.getName())
        .toString();
  }
}
