package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.ActivationByMailPage;
import immo.moncompte.keycloak.activation.ActivationPage;
import immo.moncompte.keycloak.core.Disputes;
import immo.moncompte.keycloak.core.LinkResource;
import immo.moncompte.keycloak.merge.MergeAccountsPage;
import immo.moncompte.keycloak.merge.MergePage;
import immo.moncompte.keycloak.owners.ReleasePage;
import immo.moncompte.keycloak.password.ResetDonePage;
import immo.moncompte.keycloak.password.ResetPage;
import immo.moncompte.keycloak.profile.AddressPage;
import immo.moncompte.keycloak.profile.DisputePage;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/**
 * The pages of links in mails, one line each, and the logos and colours, at {@code
 * /realms/{realm}/moncompte}.
 */
public final class MoncompteResource implements RealmResourceProvider {

  private final KeycloakSession session;

  MoncompteResource(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public Object getResource() {
    return this;
  }

  /** A page that a link in a mail opens. */
  @Path("{page}")
  public LinkResource page(@PathParam("page") String page) {
    return new LinkResource(
        switch (page) {
          case ActivationPage.PATH -> new ActivationPage(session);
          case ActivationByMailPage.PATH -> new ActivationByMailPage(session);
          case Activation.MERGE_PATH -> new MergePage(session);
          case MergeAccountsPage.PATH -> new MergeAccountsPage(session);
          case Disputes.PATH -> new DisputePage(session);
          case ResetPage.PATH -> new ResetPage(session);
          case AddressPage.PATH -> new AddressPage(session);
          case ReleasePage.PATH -> new ReleasePage(session);
          default -> throw new NotFoundException();
        });
  }

  @Path(ResetDonePage.PATH)
  public LinkResource resetDone() {
    return new LinkResource(new ResetDonePage(session));
  }

  @GET
  @Path("logo/{name}")
  public Response logo(@PathParam("name") String name) {
    return new PublicFiles(session).logo(name);
  }

  @GET
  @Path("colours/{name}.css")
  public Response colours(@PathParam("name") String name) {
    return new PublicFiles(session).colours(name);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
