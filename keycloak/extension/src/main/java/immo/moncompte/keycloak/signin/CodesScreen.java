package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.agency.AgencyCodes;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.util.Optional;

/**
 * S0: « Saisir les codes client et société », when the sign-in carries no codes or unknown ones.
 */
final class CodesScreen implements Screen {

  @Override
  public String name() {
    return SignIn.CODES;
  }

  @Override
  public void show(SignIn signIn) {
    if (signIn.kept("client") == null && signIn.carriesCodes() && signIn.agency().isEmpty()) {
      refuse(signIn, signIn.requestedClient(), signIn.requestedSociete());
    }
    signIn.show(signIn.form(name(), SignIn.LOGIN), "codes.ftl");
  }

  @Override
  public void submit(SignIn signIn, MultivaluedMap<String, String> form) {
    String client = form.getFirst("client");
    String societe = form.getFirst("societe");
    Optional<AgencyCodes> codes = AgencyCodes.parse(client, societe);
    Optional<Agency> agency = codes.flatMap(found -> Agency.find(signIn.session(), found));
    Optional<URI> elsewhere = codes.flatMap(found -> Elsewhere.entrance(signIn, found));
    if (agency.isEmpty() && elsewhere.isPresent()) {
      signIn.leaveFor(elsewhere.get());
      return;
    }
    if (agency.isEmpty()) {
      refuse(signIn, client, societe);
      signIn.goTo(name());
      return;
    }
    signIn.choose(agency.get());
    signIn.keep("client", agency.get().codes().client());
    signIn.keep("societe", agency.get().codes().societe());
    signIn.goTo(signIn.requestedIdentifier() == null ? SignIn.WELCOME : SignIn.PROVISIONAL);
  }

  private static void refuse(SignIn signIn, String client, String societe) {
    signIn.keepTyped("client", client);
    signIn.keepTyped("societe", societe);
    boolean missing = isBlank(client) || isBlank(societe);
    if (!missing) {
      signIn.say(SignIn.error("client", "codesUnknown"));
      return;
    }
    signIn.say(SignIn.error(isBlank(client) ? "client" : "societe", "codesMissing"));
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
