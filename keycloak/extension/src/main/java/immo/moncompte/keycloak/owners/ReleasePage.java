package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.FormerLinkPage;
import immo.moncompte.keycloak.core.LinkKey;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Optional;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * The page that the link of the mail « Votre agence veut retirer des contrats » opens: its button
 * says no.
 */
public final class ReleasePage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "release";

  private final FormerLinkPage page;

  public ReleasePage(FormerLinkPage page) {
    this.page = page;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public Response open(@QueryParam("key") String typedKey) {
    page.chooseLanguage();
    Optional<ReleaseRefusal> found = find(typedKey);
    if (found.isEmpty()) {
      return page.refused(PATH);
    }
    ReleaseRefusal refusal = found.get();
    LoginFormsProvider form = form(refusal);
    form.setAttribute("identifier", refusal.asked().identifier());
    form.setAttribute("contracts", refusal.contracts().stream().map(Contract::inWords).toList());
    form.setAttribute(
        "due",
        new Dates(
                page.session().getContext().getRealm(),
                page.session().getContext().resolveLocale(null))
            .weekday(Instant.ofEpochSecond(refusal.asked().dueAt())));
    return page.show(form, "release.ftl");
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.TEXT_HTML)
  public Response refuse(@QueryParam("key") String typedKey) {
    Optional<ReleaseRefusal> found = find(typedKey);
    boolean refused =
        found.isPresent()
            && ReleaseRefusal.refuse(page.session(), LinkKey.parse(typedKey).orElseThrow());
    if (!refused) {
      return page.refused(PATH);
    }
    return page.show(form(found.get()), "release-refused.ftl");
  }

  private LoginFormsProvider form(ReleaseRefusal refusal) {
    LoginFormsProvider form = page.form(refusal.agency());
    // Whoever else is signed in here stays so.
    form.setAttribute("otherSession", null);
    return form;
  }

  private Optional<ReleaseRefusal> find(String typedKey) {
    return page.waiting(typedKey, key -> ReleaseRefusal.find(page.session(), page.realm(), key));
  }
}
