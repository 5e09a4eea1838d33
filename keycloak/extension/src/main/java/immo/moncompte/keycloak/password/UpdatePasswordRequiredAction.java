package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.BruteForce;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.ProvedPassword;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.core.SourceLimit;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * S11, « Modification du mot de passe »: an application starts it by {@code kc_action} for an owner
 * who is signed in.
 *
 * <p>The old password is always asked for. Keycloak's own UPDATE_PASSWORD does not, hence stays
 * off.
 */
public final class UpdatePasswordRequiredAction extends InitiatedAction {

  /** Field of the old password. */
  private static final String OLD = "password";

  /** Field that is ticked when the owner's other sessions are to end. */
  private static final String END_SESSIONS = "end-sessions";

  private static final String MISSING = "missing";

  public UpdatePasswordRequiredAction() {
    super("moncompte-update-password", "change the password");
  }

  /** What was typed, normalized. */
  private record Typed(String old, String chosen, String confirmation) {

    static Typed in(MultivaluedMap<String, String> form) {
      return new Typed(
          Passwords.normalize(form.getFirst(OLD)),
          Passwords.normalize(form.getFirst(NewPassword.FIELD)),
          Passwords.normalize(form.getFirst(NewPassword.CONFIRMATION)));
    }
  }

  /**
   * Why the password was not changed.
   *
   * @param messages what the page says; empty when it was
   * @param missing ids of the criteria that are not met
   */
  private record Refusal(List<Message> messages, List<String> missing) {

    static final Refusal NONE = new Refusal(List.of(), List.of());

    static Refusal of(Message message) {
      return new Refusal(List.of(message), List.of());
    }
  }

  /**
   * As long as the session lives: the old password is the proof, and asking for it twice in a row
   * proves nothing more.
   */
  @Override
  public int getMaxAuthAge(KeycloakSession session) {
    return session.getContext().getRealm().getSsoSessionMaxLifespan();
  }

  @Override
  protected Response page(RequiredActionContext context) {
    String missing = kept(context, MISSING);
    LoginFormsProvider form = form(context);
    form.setAttribute(
        "criteria",
        new NewPassword(context.getSession(), context.getRealm())
            .criteria(form, missing == null ? List.of() : List.of(missing.split(","))));
    form.setAttribute("address", context.getUser().getEmail());
    form.setAttribute("endSessions", !"false".equals(kept(context, END_SESSIONS)));
    return form.createForm("update-password.ftl");
  }

  @Override
  protected void submit(RequiredActionContext context) {
    MultivaluedMap<String, String> form = context.getHttpRequest().getDecodedFormParameters();
    boolean endSessions = form.containsKey(END_SESSIONS);
    keep(context, END_SESSIONS, Boolean.toString(endSessions));
    Refusal refusal = change(context, Typed.in(form));
    keep(context, MISSING, String.join(",", refusal.missing()));
    if (!refusal.messages().isEmpty()) {
      showAgain(context, refusal.messages().toArray(Message[]::new));
      return;
    }
    OwnerAccount changed =
        RowLock.reread(context.getSession(), context.getRealm(), context.getUser().getId());
    ProvedPassword.remember(context.getAuthenticationSession(), changed);
    if (endSessions) {
      String kept = context.getAuthenticationSession().getParentSession().getId();
      Sessions.endOthers(context.getSession(), context.getRealm(), changed.user(), kept);
    }
    context
        .getEvent()
        .event(EventType.UPDATE_CREDENTIAL)
        .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE)
        .detail("other_sessions", endSessions ? "ended" : "kept");
    context.success();
  }

  /**
   * Checks and changes in one transaction in which nobody else changes the account: a password that
   * was reset meanwhile is not overwritten by whoever knew the one before.
   */
  private static Refusal change(RequiredActionContext context, Typed typed) {
    String id = context.getUser().getId();
    return RowLock.inLockedTransaction(
        context.getSession(),
        List.of(id),
        own -> changeLocked(own.session(), own.get(id).orElseThrow(), context, typed));
  }

  private static Refusal changeLocked(
      KeycloakSession session, OwnerAccount account, RequiredActionContext context, Typed typed) {
    if (typed.old().isEmpty()) {
      return Refusal.of(error(OLD, "oldPasswordMissing"));
    }
    RealmModel realm = session.getContext().getRealm();
    PasswordLogin check =
        new PasswordLogin(session, realm, () -> context.getEvent().clone(), "update-password");
    SourceLimit source = check.source();
    if (!source.admits(context.getEvent().clone())) {
      return Refusal.of(error(OLD, "tooManyAttempts"));
    }
    if (!check.isVerified(account, typed.old())) {
      return Refusal.of(error(OLD, "oldPasswordWrong"));
    }
    source.refund();
    new BruteForce(session, realm).succeeded(account.user());
    // Only now: a policy that compares with former passwords would tell whoever guesses.
    Refusal refusal = refusalOfNew(session, account, typed);
    if (refusal.messages().isEmpty()) {
      String locale = session.getContext().resolveLocale(account.user()).toLanguageTag();
      new PasswordChange(session, realm).apply(account, typed.chosen(), locale);
    }
    return refusal;
  }

  private static Refusal refusalOfNew(KeycloakSession session, OwnerAccount account, Typed typed) {
    NewPassword.Verdict verdict =
        new NewPassword(session, session.getContext().getRealm())
            .check(account.user(), account.user().getEmail(), typed.chosen(), typed.confirmation());
    if (!verdict.accepts()) {
      return new Refusal(
          verdict.problems().stream().map(UpdatePasswordRequiredAction::message).toList(),
          verdict.missing());
    }
    return typed.chosen().equals(typed.old())
        ? Refusal.of(error(NewPassword.FIELD, "passwordSame"))
        : Refusal.NONE;
  }

  private static Message message(NewPassword.Problem problem) {
    return error(problem.field(), problem.key(), problem.parameters().toArray(Long[]::new));
  }
}
