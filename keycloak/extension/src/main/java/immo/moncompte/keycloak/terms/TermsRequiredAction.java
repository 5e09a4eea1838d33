package immo.moncompte.keycloak.terms;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.web.ActionPage;
import immo.moncompte.keycloak.web.ImposedAction;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/**
 * Asks for a new version of the CGU at the next sign-in (spec, rule 11). Keycloak's own terms
 * action records when they were accepted, but not which version.
 */
public final class TermsRequiredAction implements RequiredActionProvider, RequiredActionFactory {

  private static final String ID = "moncompte-terms";
  private static final String SHOWN = "moncompte.shownTerms";

  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    ImposedAction.isNotAskedFor(context, ID);
    String current = new RealmSettings(context.getRealm()).termsVersion();
    OwnerAccount account = OwnerAccount.of(context.getUser());
    if (current != null && account.isPersonal() && !current.equals(account.termsVersion())) {
      context.getAuthenticationSession().addRequiredAction(ID);
    }
  }

  @Override
  public void requiredActionChallenge(RequiredActionContext context) {
    RealmSettings settings = new RealmSettings(context.getRealm());
    Map<String, Object> terms = new HashMap<>();
    terms.put("url", settings.termsUrl());
    terms.put("privacyUrl", settings.privacyUrl());
    terms.put("version", settings.termsVersion());
    context.getAuthenticationSession().setAuthNote(SHOWN, settings.termsVersion());
    LoginFormsProvider form = context.form();
    form.setAttribute("terms", terms);
    context.challenge(form.createForm("terms.ftl"));
  }

  @Override
  public void processAction(RequiredActionContext context) {
    String version = new RealmSettings(context.getRealm()).termsVersion();
    // Consent is to what was shown, even if the operator changes the version meanwhile.
    boolean accepted =
        context.getHttpRequest().getDecodedFormParameters().containsKey("accept")
            && version.equals(context.getAuthenticationSession().getAuthNote(SHOWN));
    if (!accepted) {
      ActionPage.redirect(context);
      return;
    }
    OwnerAccount.of(context.getUser()).acceptTerms(version, Instant.now());
    context.getEvent().detail("terms_version", version);
    context.getAuthenticationSession().removeRequiredAction(ID);
    context.success();
  }

  @Override
  public RequiredActionProvider create(KeycloakSession session) {
    return this;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public String getDisplayText() {
    return "Moncompte: accept the current terms";
  }

  @Override
  public void init(Config.Scope config) {
    // Configured by the realm.
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    // Nothing to prepare.
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
