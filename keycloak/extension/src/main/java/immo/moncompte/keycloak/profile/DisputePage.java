package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.Disputes.Disputed;
import immo.moncompte.keycloak.core.LinkPage;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * The page that a dispute link opens: what happened and when, and a button that freezes the
 * account. It works whoever is signed in here: its reader has proved a mailbox that was told, and
 * may be locked out by now.
 */
public final class DisputePage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "dispute";

  private final LinkPage page;

  public DisputePage(LinkPage page) {
    this.page = page;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    Optional<Disputed> disputed = page.waiting(typedKey, disputes()::find);
    return disputed.map(this::question).orElseGet(() -> page.refused(PATH));
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response freeze(@QueryParam("key") String typedKey) {
    Optional<Disputed> disputed = page.waiting(typedKey, disputes()::freeze);
    return disputed.map(this::frozen).orElseGet(() -> page.refused(PATH));
  }

  private Response question(Disputed disputed) {
    LoginFormsProvider form = form();
    form.setAttribute("reason", disputed.dispute().reason().name());
    Dates dates =
        new Dates(
            page.session().getContext().getRealm(),
            page.session().getContext().resolveLocale(null));
    form.setAttribute("when", dates.moment(Instant.ofEpochSecond(disputed.dispute().at())));
    form.setAttribute("detail", disputed.dispute().detail());
    // The reader may be somebody whose address it was before.
    String address = Objects.requireNonNullElse(disputed.account().user().getEmail(), "");
    form.setAttribute("maskedAddress", Addresses.masked(address));
    return page.show(form, "dispute.ftl");
  }

  private Response frozen(Disputed disputed) {
    LoginFormsProvider form = form();
    form.setAttribute("agencies", agenciesOf(disputed.account()));
    return page.show(form, "frozen.ftl");
  }

  private LoginFormsProvider form() {
    LoginFormsProvider form = page.form(null);
    // Whoever else is signed in here stays so.
    form.setAttribute("otherSession", null);
    return form;
  }

  private List<Agency> agenciesOf(OwnerAccount account) {
    return account.identifiers().stream()
        .map(identifier -> identifier.split("/"))
        .map(parts -> AgencyCodes.parse(parts[0], parts[1]))
        .flatMap(Optional::stream)
        .distinct()
        .map(codes -> Agency.find(page.session(), codes))
        .flatMap(Optional::stream)
        .toList();
  }

  private Disputes disputes() {
    return new Disputes(page.session(), page.realm());
  }
}
