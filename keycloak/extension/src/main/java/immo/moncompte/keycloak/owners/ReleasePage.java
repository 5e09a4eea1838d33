package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;

/**
 * The page that the link of the mail « Votre agence veut retirer des contrats » opens: its button
 * refuses. Whoever is signed in here stays signed in.
 */
public final class ReleasePage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "release";

  public ReleasePage(KeycloakSession session) {
    super(session, MailLink.Kind.RELEASE, PATH);
  }

  @Override
  protected Response show(Found found) {
    ReleaseRequest asked = new ReleaseRequest(found.link());
    Optional<Agency> agency = agency(asked);
    if (agency.isEmpty() || asked.wasRefused()) {
      return refused();
    }
    LoginFormsProvider form = form(agency.get());
    form.setAttribute("identifier", asked.identifier());
    form.setAttribute(
        "contracts", asked.contracts(found.account()).stream().map(Contract::inWords).toList());
    Dates dates = new Dates(realm(), session().getContext().resolveLocale(null));
    form.setAttribute("due", dates.weekday(asked.due()));
    return page(form, "release.ftl");
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    Optional<Agency> agency = agency(new ReleaseRequest(found.link()));
    boolean isRefused =
        agency.isPresent()
            && links()
                .use(
                    MailLink.Kind.RELEASE,
                    key,
                    List.of(),
                    (own, locked) -> refuse(own, locked, agency.get()))
                .isPresent();
    return isRefused ? page(form(agency.get()), "release-refused.ftl") : refused();
  }

  /** Empty when the owner has refused before. */
  private static Optional<ReleaseRequest> refuse(RowLock own, Found found, Agency agency) {
    ReleaseRequest asked = new ReleaseRequest(found.link());
    if (asked.wasRefused()) {
      return Optional.empty();
    }
    asked.refuse(found.account(), Instant.now());
    new EventBuilder(own.realm(), own.session(), own.session().getContext().getConnection())
        .event(EventType.UPDATE_PROFILE)
        .user(found.account().user())
        .detail("action", "release-refused")
        .detail("agency", agency.getCodes())
        .detail("identifier", asked.identifier())
        .success();
    return Optional.of(asked);
  }

  /** The agency that asks, unless it is switched off. */
  private Optional<Agency> agency(ReleaseRequest asked) {
    return AgencyCodes.ofAlias(asked.agencyAlias()).flatMap(codes -> Agency.find(session(), codes));
  }
}
