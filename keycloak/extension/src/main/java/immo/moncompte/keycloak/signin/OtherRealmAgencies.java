package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/**
 * Agencies that live in another realm: the application knows in which one, and is told the codes at
 * its entrance, {@code /login?client&societe}.
 */
final class OtherRealmAgencies {

  /** Realm attribute with the aliases of the manifest's agencies in other realms, with spaces. */
  private static final String ATTRIBUTE = "moncompte.elsewhere";

  private OtherRealmAgencies() {}

  /**
   * Where the application that asks takes owners of these codes in; nothing when no other realm of
   * the manifest has such an agency, or the application has no address.
   */
  static Optional<URI> entrance(Visit visit, AgencyCodes codes) {
    String aliases = visit.realm().getAttribute(ATTRIBUTE);
    if (aliases == null || !Arrays.asList(aliases.split(" ")).contains(codes.alias())) {
      return Optional.empty();
    }
    URI application =
        LoginLink.addressOf(visit.session(), visit.authenticationSession().getClient());
    if (application == null) {
      return Optional.empty();
    }
    return Optional.of(
        UriBuilder.fromUri(application)
            .path("login")
            .queryParam("client", codes.client())
            .queryParam("societe", codes.societe())
            .build());
  }
}
