package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;

/**
 * The page that a dispute link opens: what happened and when, and a button that freezes the
 * account. It works whoever is signed in here, because its reader may be locked out by now; that
 * session stays.
 */
public final class DisputePage extends LinkPage {

  public DisputePage(KeycloakSession session) {
    super(session, MailLink.Kind.DISPUTE, Disputes.PATH);
  }

  @Override
  protected Response show(Found found) {
    Dates dates = new Dates(realm(), session().getContext().resolveLocale(null));
    // The reader may be somebody whose address it was before.
    String address = Objects.requireNonNullElse(found.account().user().getEmail(), "");
    LoginFormsProvider form = form(null);
    form.setAttribute("reason", Disputes.reasonOf(found.link()).name());
    form.setAttribute("when", dates.moment(Instant.ofEpochSecond(found.link().sentAt())));
    form.setAttribute("detail", found.link().get(Disputes.DETAIL));
    form.setAttribute("maskedAddress", EmailAddress.masked(address));
    return page(form, "dispute.ftl");
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    if (!new Disputes(session(), realm()).freeze(key, found)) {
      return refused();
    }
    LoginFormsProvider frozen = form(null);
    frozen.setAttribute("agencies", agenciesOf(found.account()));
    return page(frozen, "frozen.ftl");
  }

  private List<Agency> agenciesOf(OwnerAccount account) {
    return account.identifiers().stream()
        .map(identifier -> identifier.split("/"))
        .map(parts -> AgencyCodes.parse(parts[0], parts[1]))
        .flatMap(Optional::stream)
        .distinct()
        .map(codes -> Agency.find(session(), codes))
        .flatMap(Optional::stream)
        .toList();
  }
}
