package immo.moncompte.keycloak.merge;

import static immo.moncompte.keycloak.core.Message.error;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.ActionVisit;
import immo.moncompte.keycloak.core.EvenTime;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.Origin;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.password.PasswordLogin;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * « Fusionner avec mon autre compte »: an owner who has activated twice, with two addresses, asks
 * for both accounts to become the one signed in with.
 *
 * <p>The answer never tells whether the other address has an account, or the password is right: a
 * mail leaves after it, or does not (specification, rule 7).
 */
public final class MergeAccountsRequiredAction extends InitiatedAction {

  private static final String EMAIL = "email";
  private static final String SENT = "sent";

  public MergeAccountsRequiredAction() {
    super("moncompte-merge-accounts", "merge with another account");
  }

  @Override
  protected Response page(ActionVisit visit) {
    LoginFormsProvider form = visit.form();
    form.setAttribute("address", EmailAddress.shown(visit.user().getEmail()));
    boolean sent = "true".equals(visit.kept(SENT));
    return form.createForm(sent ? "merge-accounts-sent.ftl" : "merge-accounts.ftl");
  }

  @Override
  protected void submit(ActionVisit visit, MultivaluedMap<String, String> typed) {
    if ("true".equals(visit.kept(SENT))) {
      leaveSentPage(visit, typed.getFirst("action"));
      return;
    }
    visit.keepTyped(EMAIL, typed.getFirst(EMAIL));
    Optional<String> address = EmailAddress.parse(typed.getFirst(EMAIL));
    if (address.isEmpty()) {
      visit.showAgain(error(EMAIL, EmailAddress.refusal(typed.getFirst(EMAIL))));
      return;
    }
    if (address.get().equals(visit.user().getEmail())) {
      visit.showAgain(error(EMAIL, "mergeAccountsSame"));
      return;
    }
    String password = Passwords.normalize(typed.getFirst("password"));
    if (password.isEmpty()) {
      visit.showAgain(error("password", "passwordMissing"));
      return;
    }
    ask(visit, address.get(), password);
  }

  private void leaveSentPage(ActionVisit visit, String action) {
    if ("again".equals(action)) {
      visit.keepTyped(SENT, "");
      visit.showAgain();
      return;
    }
    visit.succeed();
  }

  private void ask(ActionVisit visit, String address, String password) {
    PasswordLogin check = new PasswordLogin(visit, "merge-accounts");
    SourceLimit source = check.source();
    if (!source.admits(visit.event())) {
      visit.showAgain(error(null, "tooManyAttempts"));
      return;
    }
    EvenTime time = new EvenTime();
    PasswordLogin.Verdict verdict = check.check(address, password);
    if (verdict.right()) {
      source.refund();
    } else {
      source.failed();
    }
    decideAfterwards(visit, verdict);
    visit.keepTyped(SENT, "true");
    visit.showAgain();
    time.waitForNextStep();
  }

  /** What differs happens after the answer: the mail, or the event of a refusal. */
  private static void decideAfterwards(ActionVisit visit, PasswordLogin.Verdict verdict) {
    KeycloakSession session = visit.session();
    UserModel user = visit.user();
    Origin origin = Origin.of(session, visit.authenticationSession().getClient(), user);
    String otherId = verdict.account().map(OwnerAccount::id).orElse(null);
    String stamp =
        verdict.right()
            ? new Links(session, visit.realm()).stamp(verdict.account().orElseThrow())
            : null;
    AccountMerge.Request request =
        new AccountMerge.Request(otherId, stamp, user.getId(), visit.sessionId(), origin);
    MailQueue.decideLater(
        session,
        "merge-accounts",
        own -> {
          if (!verdict.right()) {
            logRefusal(origin.event(own), otherId);
            return;
          }
          new AccountMerge(own, own.getContext().getRealm()).send(request);
        });
  }

  private static void logRefusal(EventBuilder event, String otherId) {
    event.event(EventType.LOGIN).detail("screen", "merge-accounts");
    if (otherId == null) {
      event.error(Errors.USER_NOT_FOUND);
      return;
    }
    event.user(otherId).error(Errors.INVALID_USER_CREDENTIALS);
  }
}
