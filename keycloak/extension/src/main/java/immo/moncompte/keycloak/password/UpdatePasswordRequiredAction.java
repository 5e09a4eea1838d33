package immo.moncompte.keycloak.password;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.ActionVisit;
import immo.moncompte.keycloak.core.DeviceCookie;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.Message;
import immo.moncompte.keycloak.core.ProvedPassword;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.password.NewPassword.Verdict;
import immo.moncompte.keycloak.password.PasswordLogin.Attempt;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * S11, « Modification du mot de passe ». An application starts it by {@code kc_action} for an owner
 * who is signed in.
 *
 * <p>It always asks for the old password. Keycloak's own UPDATE_PASSWORD does not, so it is off.
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
   * The session's whole life. The old password is the proof, and asking for it twice proves nothing
   * more.
   */
  @Override
  public int getMaxAuthAge(KeycloakSession session) {
    return session.getContext().getRealm().getSsoSessionMaxLifespan();
  }

  @Override
  protected Response page(ActionVisit visit) {
    String missing = visit.kept(MISSING);
    LoginFormsProvider form = visit.form();
    form.setAttribute(
        "criteria",
        new NewPassword(visit.session(), visit.realm())
            .criteria(form, missing == null ? List.of() : List.of(missing.split(","))));
    form.setAttribute("address", EmailAddress.shown(visit.user().getEmail()));
    form.setAttribute("endSessions", !"false".equals(visit.kept(END_SESSIONS)));
    return form.createForm("update-password.ftl");
  }

  @Override
  protected void submit(ActionVisit visit, MultivaluedMap<String, String> form) {
    boolean endSessions = form.containsKey(END_SESSIONS);
    visit.keepTyped(END_SESSIONS, Boolean.toString(endSessions));
    Verdict verdict = change(visit, Typed.in(form));
    visit.keepTyped(MISSING, String.join(",", verdict.missing()));
    if (!verdict.accepts()) {
      visit.showAgain(verdict.problems().toArray(Message[]::new));
      return;
    }
    OwnerAccount changed = RowLock.reread(visit.session(), visit.realm(), visit.user().getId());
    ProvedPassword.remember(visit.authenticationSession(), changed);
    new DeviceCookie(visit.session(), visit.realm()).remember(changed);
    if (endSessions) {
      Sessions.endOthers(visit.session(), visit.realm(), changed.user(), visit.sessionId());
    }
    visit
        .context()
        .getEvent()
        .event(EventType.UPDATE_CREDENTIAL)
        .detail(Details.CREDENTIAL_TYPE, PasswordCredentialModel.TYPE)
        .detail("other_sessions", endSessions ? "ended" : "kept");
    visit.succeed();
  }

  /**
   * Checks and changes in one transaction that locks the account. Otherwise somebody who knows the
   * old password could overwrite one that was reset meanwhile.
   */
  private static Verdict change(ActionVisit visit, Typed typed) {
    String id = visit.user().getId();
    return RowLock.inLockedTransaction(
        visit.session(),
        List.of(id),
        own -> changeLocked(own.session(), own.get(id).orElseThrow(), visit, typed));
  }

  private static Verdict changeLocked(
      KeycloakSession session, OwnerAccount account, ActionVisit visit, Typed typed) {
    if (typed.old().isEmpty()) {
      return refused(error(OLD, "oldPasswordMissing"));
    }
    PasswordLogin login = new PasswordLogin(visit, "update-password");
    Attempt attempt = login.attempt(account, typed.old(), "oldPasswordWrong");
    if (attempt.isRefused()) {
      return refused(error(OLD, attempt.refusal()));
    }
    // Only now: a policy about former passwords would help whoever guesses.
    Verdict verdict = checkNew(session, account, typed);
    if (verdict.accepts()) {
      String locale = session.getContext().resolveLocale(account.user()).toLanguageTag();
      new PasswordChange(session, session.getContext().getRealm())
          .apply(account, typed.chosen(), locale);
    }
    return verdict;
  }

  private static Verdict checkNew(KeycloakSession session, OwnerAccount account, Typed typed) {
    Verdict verdict =
        new NewPassword(session, session.getContext().getRealm())
            .check(account.user(), account.user().getEmail(), typed.chosen(), typed.confirmation());
    return verdict.accepts() && typed.chosen().equals(typed.old())
        ? refused(error(NewPassword.FIELD, "passwordSame"))
        : verdict;
  }

  private static Verdict refused(Message problem) {
    return new Verdict(List.of(problem), List.of());
  }
}
