package immo.moncompte.keycloak.merge;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.activation.ProvisionalLogin;
import immo.moncompte.keycloak.core.ActionVisit;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.Message;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.TypedCodes;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
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
  protected Response page(ActionVisit visit) {
    KEPT.stream()
        .filter(field -> visit.kept(field) == null)
        .forEach(field -> visit.keepTyped(field, visit.requested(field)));
    LoginFormsProvider form = visit.form();
    form.setAttribute("address", EmailAddress.shown(visit.user().getEmail()));
    return form.createForm("add-contract.ftl");
  }

  @Override
  protected void submit(ActionVisit visit, MultivaluedMap<String, String> typed) {
    KEPT.forEach(field -> visit.keepTyped(field, typed.getFirst(field)));
    Optional<Message> refusal = add(visit, typed);
    if (refusal.isPresent()) {
      visit.showAgain(refusal.get());
      return;
    }
    Sessions.endOthers(visit.session(), visit.realm(), visit.user(), visit.sessionId());
    visit.succeed();
  }

  /** Adds the contracts. Returns why not, or nothing if it worked. */
  private static Optional<Message> add(ActionVisit visit, MultivaluedMap<String, String> typed) {
    KeycloakSession session = visit.session();
    TypedCodes codes = TypedCodes.in(typed);
    Optional<Agency> agency = codes.agency(session);
    if (agency.isEmpty()) {
      return Optional.of(codes.refusal("codesMissing"));
    }
    ProvisionalLogin.Verdict verdict =
        new ProvisionalLogin(session, visit.realm(), agency.get())
            .check(typed.getFirst("identifier"), typed.getFirst("password"), visit.event());
    if (verdict.proof() == null) {
      return Optional.of(error(null, verdict.refusal()));
    }
    UserModel owner = visit.user();
    String locale = session.getContext().resolveLocale(owner).toLanguageTag();
    boolean merged =
        new Merge(session, visit.realm()).merge(verdict.proof(), owner.getId(), locale);
    // Used elsewhere a moment ago.
    return merged ? Optional.empty() : Optional.of(error(null, "provisionalRefused"));
  }
}
