package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.SignIn;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticator;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticatorFactory;
import org.keycloak.models.KeycloakSession;

/**
 * Keycloak's single sign-on by cookie, except for the address in a letter's QR code. Such an
 * address belongs to one owner, so the session of another owner does not count (specification, rule
 * 14).
 */
public final class SessionAuthenticator extends CookieAuthenticatorFactory {

  @Override
  public String getId() {
    return "moncompte-session";
  }

  @Override
  public String getDisplayType() {
    return "Moncompte single sign-on";
  }

  @Override
  public String getHelpText() {
    return "The single sign-on cookie, unless a letter's address is about somebody else.";
  }

  @Override
  public Authenticator create(KeycloakSession session) {
    return new CookieAuthenticator() {
      @Override
      public void authenticate(AuthenticationFlowContext context) {
        if (isLetterOfSomebodyElse(new SignIn(context))) {
          context.attempted();
          return;
        }
        super.authenticate(context);
      }
    };
  }

  private static boolean isLetterOfSomebodyElse(SignIn visit) {
    if (visit.requestedIdentifier() == null) {
      return false;
    }
    Optional<OwnerAccount> letter =
        visit
            .agency()
            .flatMap(agency -> Identifier.parse(agency.getAlias(), visit.requestedIdentifier()))
            .flatMap(typed -> Accounts.findByIdentifier(visit.session(), visit.realm(), typed));
    Optional<OwnerAccount> signedIn =
        Sessions.ofBrowser(visit.session(), visit.realm())
            .map(session -> new OwnerAccount(session.getUser()));
    boolean ownLetter =
        letter.isPresent() && signedIn.isPresent() && signedIn.get().id().equals(letter.get().id());
    return !ownLetter;
  }
}
