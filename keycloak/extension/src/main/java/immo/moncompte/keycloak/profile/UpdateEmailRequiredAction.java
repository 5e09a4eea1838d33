package immo.moncompte.keycloak.profile;

import static immo.moncompte.keycloak.core.Message.error;
import static immo.moncompte.keycloak.core.Message.info;
import static immo.moncompte.keycloak.core.Message.success;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.ActionVisit;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Message;
import immo.moncompte.keycloak.core.ProvedPassword;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;

/**
 * « Modification de l'adresse email »: an application starts it by {@code kc_action} for an owner
 * who is signed in. The page asks for the new address, and once the mail has left shows what waits.
 *
 * <p>Keycloak's own UPDATE_EMAIL leaves the username as it was and acts on the GET of its link,
 * hence stays off.
 */
public final class UpdateEmailRequiredAction extends InitiatedAction {

  private static final String EMAIL = "email";
  private static final String STAMP = "passwordStamp";

  public UpdateEmailRequiredAction() {
    super("moncompte-update-email", "change the address");
  }

  @Override
  protected Response page(ActionVisit visit) {
    OwnerAccount account = new OwnerAccount(visit.user());
    Optional<MailLink> pending = change(visit).pending(account);
    // What is begun before the password changes is not finished after (specification, rule 12).
    visit.keepTyped(STAMP, ProvedPassword.stamp(account));
    LoginFormsProvider form = visit.form();
    form.setAttribute("current", EmailAddress.shown(account.user().getEmail()));
    if (pending.isEmpty()) {
      return form.createForm("update-email.ftl");
    }
    form.setAttribute("address", EmailAddress.shown(pending.get().get(MailLink.TARGET)));
    form.setAttribute("resendIn", change(visit).links().cooldown(pending.get()).toSeconds());
    return form.createForm("update-email-sent.ftl");
  }

  @Override
  protected void submit(ActionVisit visit, MultivaluedMap<String, String> form) {
    switch (String.valueOf(form.getFirst("action"))) {
      case "leave" -> visit.succeed();
      case "resend" -> resend(visit);
      case "drop" -> drop(visit);
      default -> begin(visit, form.getFirst(EMAIL));
    }
  }

  private void begin(ActionVisit visit, String typed) {
    visit.keepTyped(EMAIL, typed);
    Optional<String> email = EmailAddress.parse(typed);
    if (email.isEmpty()) {
      visit.showAgain(error(EMAIL, EmailAddress.refusal(typed)));
      return;
    }
    if (email.get().equals(visit.user().getEmail())) {
      visit.showAgain(error(EMAIL, "emailSame"));
      return;
    }
    ask(visit, email.get());
  }

  private void resend(ActionVisit visit) {
    Optional<MailLink> pending = change(visit).pending(new OwnerAccount(visit.user()));
    if (pending.isEmpty()) {
      visit.showAgain(info("updateEmailNothingWaits"));
      return;
    }
    ask(visit, pending.get().get(MailLink.TARGET), success("mailSent"));
  }

  private void drop(ActionVisit visit) {
    change(visit).cancel(visit.user().getId());
    visit.keepTyped(EMAIL, "");
    visit.showAgain(info("updateEmailDropped"));
  }

  /**
   * Asks for the mail and shows the page again.
   *
   * @param sent what the page says besides when the mail leaves
   */
  private void ask(ActionVisit visit, String email, Message... sent) {
    String browserSecret = LinkSecret.generate();
    AddressChange.Asking asking =
        new AddressChange.Asking(
            visit.user().getId(),
            String.valueOf(visit.kept(STAMP)),
            visit.sessionId(),
            visit.clientId(),
            browserSecret);
    switch (change(visit).ask(asking, email)) {
      case SENT -> {
        BrowserCookie.ADDRESS.set(visit.session(), browserSecret);
        visit.event().event(EventType.SEND_VERIFY_EMAIL).user(visit.user()).success();
        visit.showAgain(sent);
      }
      case COOLING_DOWN -> visit.showAgain(info("mailCoolDown", wait(visit)));
      case TOO_MANY -> visit.showAgain(error(null, "mailTooMany"));
      case ENDED -> throw sessionEnded(visit.session(), visit.authenticationSession());
    }
  }

  private long wait(ActionVisit visit) {
    return change(visit)
        .pending(new OwnerAccount(visit.user()))
        .map(pending -> change(visit).links().cooldown(pending).toSeconds() + 1)
        .orElse(1L);
  }

  private static AddressChange change(ActionVisit visit) {
    return new AddressChange(visit.session(), visit.realm());
  }
}
