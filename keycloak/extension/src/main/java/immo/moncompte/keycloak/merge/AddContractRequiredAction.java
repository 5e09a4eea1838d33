package immo.moncompte.keycloak.merge;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.ProvisionalCheck;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.agency.AgencyCodes;
import immo.moncompte.keycloak.web.ActionPage;
import immo.moncompte.keycloak.web.Sessions;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.authentication.InitiatedActionSupport;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.services.ErrorPage;
import org.keycloak.services.managers.AuthenticationManager;
import org.keycloak.services.messages.Messages;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * « Ajouter un contrat »: an application starts it by {@code kc_action} for an owner who is signed
 * in, and the provisional account whose credentials are typed is merged into the owner's.
 *
 * <p>The session is the other proof of the merge (spec, rule 4). Keycloak asks for the password
 * again when it is older than the action's {@code max_auth_age}, five minutes unless the realm says
 * otherwise. Keycloak also answers ANNULER, the parameter {@code cancel-aia}, by itself.
 */
public final class AddContractRequiredAction
    implements RequiredActionProvider, RequiredActionFactory {

  private static final String ID = "moncompte-add-contract";

  private static final String NOTES = "moncompte.add-contract.";
  private static final String REFUSAL_NOTE = NOTES + "refusal";
  private static final String REQUESTED = "client_request_param_";

  /** What stands in its field again after a refusal; never the password. */
  private static final List<String> KEPT = List.of("client", "societe", "identifier");

  private static final int MOST_KEPT = 255;

  /**
   * Why the form is shown again.
   *
   * @param field the field it is about, or null
   * @param key key in the theme's messages
   */
  record Refusal(String field, String key) {}

  @Override
  public InitiatedActionSupport initiatedActionSupport() {
    return InitiatedActionSupport.SUPPORTED;
  }

  @Override
  public void evaluateTriggers(RequiredActionContext context) {
    // Only an owner who asks for it adds a contract: imposed by an administrator it could not be
    // cancelled, and would shut out whoever has none to add.
    UserModel user = context.getUser();
    if (user.getRequiredActionsStream().anyMatch(ID::equals)) {
      user.removeRequiredAction(ID);
    }
  }

  @Override
  public void requiredActionChallenge(RequiredActionContext context) {
    if (!OwnerAccount.of(context.getUser()).isPersonal()) {
      context.ignore();
      return;
    }
    if (context.getHttpRequest().getHttpMethod().equals(HttpMethod.POST)) {
      ActionPage.redirect(context);
      return;
    }
    context.challenge(form(context).createForm("add-contract.ftl"));
  }

  @Override
  public void processAction(RequiredActionContext context) {
    refuseEndedSession(context.getSession(), context.getAuthenticationSession());
    MultivaluedMap<String, String> typed = context.getHttpRequest().getDecodedFormParameters();
    KEPT.forEach(field -> keep(context, field, typed.getFirst(field)));
    Optional<Refusal> refusal = add(context, typed);
    if (refusal.isPresent()) {
      context.getAuthenticationSession().setAuthNote(REFUSAL_NOTE, Json.write(refusal.get()));
      ActionPage.redirect(context);
      return;
    }
    String sessionId = context.getAuthenticationSession().getParentSession().getId();
    Sessions.endOthers(context.getSession(), context.getRealm(), context.getUser(), sessionId);
    context.success();
  }

  @Override
  public void initiatedActionCanceled(KeycloakSession session, AuthenticationSessionModel visit) {
    refuseEndedSession(session, visit);
  }

  /**
   * The session that brought the owner here without a password is the proof of who it is: ended
   * while the form stood open, by signing out elsewhere or by a new password, it proves nothing.
   * Keycloak by itself would go on and begin a new one.
   */
  private static void refuseEndedSession(
      KeycloakSession session, AuthenticationSessionModel visit) {
    boolean signedInBefore = "true".equals(visit.getAuthNote(AuthenticationManager.SSO_AUTH));
    String sessionId = visit.getParentSession().getId();
    if (signedInBefore && session.sessions().getUserSession(visit.getRealm(), sessionId) == null) {
      throw new WebApplicationException(
          ErrorPage.error(
              session, visit, Response.Status.BAD_REQUEST, Messages.SESSION_NOT_ACTIVE));
    }
  }

  /** Adds the contracts; empty when that was done. */
  private static Optional<Refusal> add(
      RequiredActionContext context, MultivaluedMap<String, String> typed) {
    KeycloakSession session = context.getSession();
    String client = typed.getFirst("client");
    String societe = typed.getFirst("societe");
    Optional<Agency> agency =
        AgencyCodes.parse(client, societe).flatMap(codes -> Agency.find(session, codes));
    if (agency.isEmpty()) {
      return Optional.of(refusalOfCodes(client, societe));
    }
    ProvisionalCheck.Verdict verdict =
        new ProvisionalCheck(session, context.getRealm(), agency.get())
            .check(
                typed.getFirst("identifier"),
                typed.getFirst("password"),
                context.getEvent().clone());
    if (verdict.proof() == null) {
      return Optional.of(new Refusal(null, verdict.refusal()));
    }
    UserModel owner = context.getUser();
    String locale = session.getContext().resolveLocale(owner).toLanguageTag();
    boolean merged =
        new Merge(session, context.getRealm()).merge(verdict.proof(), owner.getId(), locale);
    // Used elsewhere a moment ago, hence no longer known.
    return merged ? Optional.empty() : Optional.of(new Refusal(null, "provisionalRefused"));
  }

  private static Refusal refusalOfCodes(String client, String societe) {
    if (isBlank(client)) {
      return new Refusal("client", "codesMissing");
    }
    return isBlank(societe)
        ? new Refusal("societe", "codesMissing")
        : new Refusal("client", "codesUnknown");
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static void keep(RequiredActionContext context, String field, String typed) {
    String text = typed == null ? "" : typed.strip();
    String kept = text.length() <= MOST_KEPT ? text : text.substring(0, MOST_KEPT);
    context.getAuthenticationSession().setAuthNote(NOTES + field, kept);
  }

  private static LoginFormsProvider form(RequiredActionContext context) {
    AuthenticationSessionModel visit = context.getAuthenticationSession();
    Map<String, String> values = new HashMap<>();
    for (String field : KEPT) {
      String typed = visit.getAuthNote(NOTES + field);
      values.put(field, typed == null ? visit.getClientNote(REQUESTED + field) : typed);
    }
    LoginFormsProvider form = context.form();
    form.setAttribute("values", values);
    form.setAttribute("address", context.getUser().getEmail());
    String json = visit.getAuthNote(REFUSAL_NOTE);
    if (json != null) {
      visit.removeAuthNote(REFUSAL_NOTE);
      Refusal refusal = Json.read(json, Refusal.class);
      form.addError(new FormMessage(refusal.field(), refusal.key()));
    }
    return form;
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
    return "Moncompte: add a contract";
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
