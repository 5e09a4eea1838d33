package immo.moncompte.keycloak.merge;

import static immo.moncompte.keycloak.core.Messages.error;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.activation.ProvisionalLogin;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.Messages.Message;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.TypedCodes;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * « Ajouter un contrat »: merges the provisional account whose credentials are typed into the
 * account of an owner who is signed in. The session is the other proof of the merge (specification,
 * rule 4). An application starts it by {@code kc_action}.
 */
public final class AddContractRequiredAction extends InitiatedAction {

  /** Fields that are filled again after a refusal; never the password. */
  private static final List<String> KEPT = List.of("client", "societe", "identifier");

  public AddContractRequiredAction() {
    super("moncompte-add-contract", "add a contract");
  }

  @Override
  protected Response page(RequiredActionContext context) {
    KEPT.stream()
        .filter(field -> kept(context, field) == null)
        .forEach(field -> keep(context, field, requested(context, field)));
    LoginFormsProvider form = form(context);
    form.setAttribute("address", context.getUser().getEmail());
    return form.createForm("add-contract.ftl");
  }

  @Override
  protected void submit(RequiredActionContext context) {
    MultivaluedMap<String, String> typed = context.getHttpRequest().getDecodedFormParameters();
    KEPT.forEach(field -> keep(context, field, typed.getFirst(field)));
    Optional<Message> refusal = add(context, typed);
    if (refusal.isPresent()) {
      showAgain(context, refusal.get());
      return;
    }
    String sessionId = context.getAuthenticationSession().getParentSession().getId();
    Sessions.endOthers(context.getSession(), context.getRealm(), context.getUser(), sessionId);
    context.success();
  }

  /** Adds the contracts. Returns why not, or nothing if it worked. */
  private static Optional<Message> add(
      RequiredActionContext context, MultivaluedMap<String, String> typed) {
    KeycloakSession session = context.getSession();
    TypedCodes codes = TypedCodes.in(typed);
    Optional<Agency> agency = codes.agency(session);
    if (agency.isEmpty()) {
      return Optional.of(codes.refusal("codesMissing"));
    }
    ProvisionalLogin.Verdict verdict =
        new ProvisionalLogin(session, context.getRealm(), agency.get())
            .check(
                typed.getFirst("identifier"),
                typed.getFirst("password"),
                context.getEvent().clone());
    if (verdict.proof() == null) {
      return Optional.of(error(null, verdict.refusal()));
    }
    UserModel owner = context.getUser();
    String locale = session.getContext().resolveLocale(owner).toLanguageTag();
    boolean merged =
        new Merge(session, context.getRealm()).merge(verdict.proof(), owner.getId(), locale);
    // Used elsewhere a moment ago.
    return merged ? Optional.empty() : Optional.of(error(null, "provisionalRefused"));
  }
}
