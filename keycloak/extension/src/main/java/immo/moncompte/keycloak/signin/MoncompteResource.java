package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.ActivationPage;
import immo.moncompte.keycloak.activation.MailedActivationPage;
import immo.moncompte.keycloak.core.LinkResource;
import immo.moncompte.keycloak.merge.MergeAccountsPage;
import immo.moncompte.keycloak.merge.MergePage;
import immo.moncompte.keycloak.owners.ReleasePage;
import immo.moncompte.keycloak.password.ResetDonePage;
import immo.moncompte.keycloak.password.ResetPage;
import immo.moncompte.keycloak.profile.AddressPage;
import immo.moncompte.keycloak.profile.DisputePage;
import jakarta.ws.rs.Path;
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

  @Path("activation")
  public LinkResource activation() {
    return new LinkResource(new ActivationPage(session));
  }

  @Path("activate")
  public LinkResource activate() {
    return new LinkResource(new MailedActivationPage(session));
  }

  @Path(Activation.MERGE_PATH)
  public LinkResource merge() {
    return new LinkResource(new MergePage(session));
  }

  @Path("merge-accounts")
  public LinkResource mergeAccounts() {
    return new LinkResource(new MergeAccountsPage(session));
  }

  @Path("dispute")
  public LinkResource dispute() {
    return new LinkResource(new DisputePage(session));
  }

  @Path("reset")
  public LinkResource reset() {
    return new LinkResource(new ResetPage(session));
  }

  @Path("reset/done")
  public LinkResource resetDone() {
    return new LinkResource(new ResetDonePage(session));
  }

  @Path("address")
  public LinkResource address() {
    return new LinkResource(new AddressPage(session));
  }

  @Path(ReleasePage.PATH)
  public LinkResource release() {
    return new LinkResource(new ReleasePage(session));
  }

  @Path("logo")
  public LogoFile logo() {
    return new LogoFile(session);
  }

  @Path("colours")
  public ColoursFile colours() {
    return new ColoursFile();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
