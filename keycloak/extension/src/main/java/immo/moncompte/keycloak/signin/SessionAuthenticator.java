package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.OtherSession;
import immo.moncompte.keycloak.core.Visit;
import java.util.Optional;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.browser.CookieAuthenticator;

/**
 * Keycloak's single sign-on by cookie, except for the address in a letter's QR code. Such an
 * address belongs to one owner, so the session of another owner does not count (specification, rule
 * 14).
 */
final class SessionAuthenticator extends CookieAuthenticator {

  @Override
  public void authenticate(AuthenticationFlowContext context) {
    if (isLetterOfSomebodyElse(new Visit(context))) {
      context.attempted();
      return;
    }
    super.authenticate(context);
  }

  private static boolean isLetterOfSomebodyElse(Visit visit) {
    if (visit.requestedIdentifier() == null) {
      return false;
    }
    Optional<Identifier> letter =
        visit
            .agency()
            .flatMap(agency -> Identifier.parse(agency.getAlias(), visit.requestedIdentifier()));
    Optional<OwnerAccount> signedIn =
        OtherSession.find(visit.session(), visit.realm())
            .map(session -> new OwnerAccount(session.getUser()));
    boolean ownLetter =
        letter.isPresent()
            && signedIn.isPresent()
            && signedIn.get().identifiers().contains(letter.get().attributeValue());
    return !ownLetter;
  }
}
