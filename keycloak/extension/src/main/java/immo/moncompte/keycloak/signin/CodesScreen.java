package immo.moncompte.keycloak.signin;

import static immo.moncompte.keycloak.core.Messages.error;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.core.Screen;
import immo.moncompte.keycloak.core.Visit;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URI;
import java.util.Optional;

/** S0: « Saisir les codes client et société », for a sign-in without codes or with unknown ones. */
final class CodesScreen implements Screen {

  @Override
  public String name() {
    return Visit.CODES;
  }

  @Override
  public void show(Visit visit) {
    if (visit.kept("client") == null && visit.carriesCodes() && visit.agency().isEmpty()) {
      refuse(visit, visit.requestedClient(), visit.requestedSociete());
    }
    visit.show(visit.form(name(), Visit.LOGIN), "codes.ftl");
  }

  @Override
  public void submit(Visit visit, MultivaluedMap<String, String> form) {
    String client = form.getFirst("client");
    String societe = form.getFirst("societe");
    Optional<AgencyCodes> codes = AgencyCodes.parse(client, societe);
    Optional<Agency> agency = codes.flatMap(found -> Agency.find(visit.session(), found));
    Optional<URI> elsewhere = codes.flatMap(found -> OtherRealmAgencies.entrance(visit, found));
    if (agency.isEmpty() && elsewhere.isPresent()) {
      visit.sendTo(elsewhere.get());
      return;
    }
    if (agency.isEmpty()) {
      refuse(visit, client, societe);
      visit.goTo(name());
      return;
    }
    visit.choose(agency.get());
    visit.keep("client", agency.get().codes().client());
    visit.keep("societe", agency.get().codes().societe());
    visit.goTo(visit.requestedIdentifier() == null ? Visit.WELCOME : Visit.PROVISIONAL);
  }

  private static void refuse(Visit visit, String client, String societe) {
    visit.keepTyped("client", client);
    visit.keepTyped("societe", societe);
    boolean missing = isBlank(client) || isBlank(societe);
    if (!missing) {
      visit.say(error("client", "codesUnknown"));
      return;
    }
    visit.say(error(isBlank(client) ? "client" : "societe", "codesMissing"));
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}
