package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.SignIn;
import immo.moncompte.keycloak.core.TypedCodes;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;

/** S0: « Saisir les codes client et société », for a sign-in without codes or with unknown ones. */
final class CodesScreen extends Screen {
  /** Realm attribute: aliases of agencies in other realms of the manifest, separated by spaces. */
  private static final String ELSEWHERE = "moncompte.elsewhere";

  CodesScreen() {
    super(SignIn.CODES, "codes.ftl", SignIn.LOGIN);
  }

  @Override
  public void show(SignIn visit) {
    TypedCodes requested = visit.requestedCodes();
    boolean carriesCodes = requested.client() != null || requested.societe() != null;
    if (visit.kept("client") == null && carriesCodes && visit.agency().isEmpty()) {
      refuse(visit, requested);
    }
    super.show(visit);
  }

  @Override
  public void submit(SignIn visit, MultivaluedMap<String, String> form) {
    TypedCodes typed = TypedCodes.in(form);
    Optional<Agency> agency = typed.agency(visit.session());
    Optional<URI> elsewhere = typed.codes().flatMap(codes -> entranceElsewhere(visit, codes));
    if (agency.isEmpty() && elsewhere.isPresent()) {
      visit.sendTo(elsewhere.get());
      return;
    }
    if (agency.isEmpty()) {
      refuse(visit, typed);
      visit.goTo(name());
      return;
    }
    visit.choose(agency.get());
    visit.keep("client", agency.get().codes().client());
    visit.keep("societe", agency.get().codes().societe());
    visit.goTo(visit.requestedIdentifier() == null ? SignIn.WELCOME : SignIn.PROVISIONAL);
  }

  private static void refuse(SignIn visit, TypedCodes typed) {
    visit.keepTyped(typed);
    visit.say(typed.refusal("codesMissing"));
  }

  /**
   * The application's entrance {@code /login?client&societe} for an agency of another realm: the
   * application knows in which one. Empty if no other realm of the manifest has this agency, or the
   * application has no address.
   */
  private static Optional<URI> entranceElsewhere(SignIn visit, AgencyCodes codes) {
    String aliases = visit.realm().getAttribute(ELSEWHERE);
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
