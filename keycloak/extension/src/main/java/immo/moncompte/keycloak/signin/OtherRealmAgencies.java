package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/**
 * Agencies that live in another realm. The application knows in which one; its entrance {@code
 * /login?client&societe} gets the codes.
 */
final class OtherRealmAgencies {

  /** Realm attribute: aliases of agencies in other realms of the manifest, separated by spaces. */
  private static final String ATTRIBUTE = "moncompte.elsewhere";

  private OtherRealmAgencies() {}

  /**
   * The entrance of the application for these codes. Empty if no other realm of the manifest has
   * this agency, or the application has no address.
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
