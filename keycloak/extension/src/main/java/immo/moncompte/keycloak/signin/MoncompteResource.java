package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.ActivationPage;
import immo.moncompte.keycloak.activation.MailedActivationPage;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.merge.MergeAccountsPage;
import immo.moncompte.keycloak.merge.MergePage;
import immo.moncompte.keycloak.owners.ReleasePage;
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

  private final LinkPage page;

  MoncompteResource(KeycloakSession session) {
    this.page = new LinkPage(session);
  }

  @Override
  public Object getResource() {
    return this;
  }

  @Path("activation")
  public ActivationPage activation() {
    return new ActivationPage(page);
  }

  @Path("activate")
  public MailedActivationPage activate() {
    return new MailedActivationPage(page);
  }

  @Path(Activation.MERGE_PATH)
  public MergePage merge() {
    return new MergePage(page);
  }

  @Path("merge-accounts")
  public MergeAccountsPage mergeAccounts() {
    return new MergeAccountsPage(page);
  }

  @Path("dispute")
  public DisputePage dispute() {
    return new DisputePage(page);
  }

  @Path("reset")
  public ResetPage reset() {
    return new ResetPage(page);
  }

  @Path("address")
  public AddressPage address() {
    return new AddressPage(page);
  }

  @Path(ReleasePage.PATH)
  public ReleasePage release() {
    return new ReleasePage(page);
  }

  @Path("logo")
  public LogoFile logo() {
    return new LogoFile(page.session());
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
