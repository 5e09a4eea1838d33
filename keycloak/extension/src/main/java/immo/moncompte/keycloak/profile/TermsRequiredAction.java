package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.ImposedAction;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * Asks for consent to a new version of the CGU at the next sign-in (specification, rule 11).
 * Keycloak's own action records the time, but not the version.
 */
public final class TermsRequiredAction extends ImposedAction {

  private static final String SHOWN = "moncompte.shownTerms";

  public TermsRequiredAction() {
    super("moncompte-terms", "accept the current terms");
  }

  @Override
  protected boolean isDue(RequiredActionContext context) {
    String current = RealmSettings.termsVersion(context.getRealm());
    OwnerAccount account = new OwnerAccount(context.getUser());
    return current != null && account.isPersonal() && !current.equals(account.consent().version());
  }

  @Override
  protected Response page(RequiredActionContext context) {
    context
        .getAuthenticationSession()
        .setAuthNote(SHOWN, RealmSettings.termsVersion(context.getRealm()));
    LoginFormsProvider form = context.form();
    form.setAttribute("terms", RealmSettings.termsShown(context.getRealm()));
    return form.createForm("terms.ftl");
  }

  @Override
  public void processAction(RequiredActionContext context) {
    refuseIfOutdated(context, new OwnerAccount(context.getUser()));
    String version = RealmSettings.termsVersion(context.getRealm());
    // Consent is to what was shown, even if the operator changes the version meanwhile.
    boolean accepted =
        version != null
            && context.getHttpRequest().getDecodedFormParameters().containsKey("accept")
            && version.equals(context.getAuthenticationSession().getAuthNote(SHOWN));
    if (!accepted) {
      redirect(context);
      return;
    }
    new OwnerAccount(context.getUser()).consent().accept(version, Instant.now());
    context.getEvent().detail("terms_version", version);
    done(context);
  }
}
