package immo.moncompte.keycloak.profile;

import static immo.moncompte.keycloak.core.Messages.error;
import static immo.moncompte.keycloak.core.Messages.info;
import static immo.moncompte.keycloak.core.Messages.success;

import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Messages.Message;
import immo.moncompte.keycloak.core.ProvedPassword;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.sessions.AuthenticationSessionModel;

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
  protected Response page(RequiredActionContext context) {
    OwnerAccount account = new OwnerAccount(context.getUser());
    Optional<MailLink> pending = change(context).pending(account);
    // What is begun before the password changes is not finished after (specification, rule 12).
    keep(context, STAMP, ProvedPassword.stamp(account));
    LoginFormsProvider form = form(context);
    form.setAttribute("current", account.user().getEmail());
    if (pending.isEmpty()) {
      return form.createForm("update-email.ftl");
    }
    form.setAttribute("address", pending.get().get(MailLink.TARGET));
    form.setAttribute("resendIn", change(context).links().cooldown(pending.get()).toSeconds());
    return form.createForm("update-email-sent.ftl");
  }

  @Override
  protected void submit(RequiredActionContext context) {
    MultivaluedMap<String, String> form = context.getHttpRequest().getDecodedFormParameters();
    switch (String.valueOf(form.getFirst("action"))) {
      case "leave" -> context.success();
      case "resend" -> resend(context);
      case "drop" -> drop(context);
      default -> begin(context, form.getFirst(EMAIL));
    }
  }

  private void begin(RequiredActionContext context, String typed) {
    keep(context, EMAIL, typed);
    Optional<String> email = Addresses.parse(typed);
    if (email.isEmpty()) {
      showAgain(context, Addresses.refusal(typed));
      return;
    }
    if (email.get().equals(context.getUser().getEmail())) {
      showAgain(context, error(EMAIL, "emailSame"));
      return;
    }
    ask(context, email.get());
  }

  private void resend(RequiredActionContext context) {
    Optional<MailLink> pending = change(context).pending(new OwnerAccount(context.getUser()));
    if (pending.isEmpty()) {
      showAgain(context, info("updateEmailNothingWaits"));
      return;
    }
    ask(context, pending.get().get(MailLink.TARGET), success("mailSent"));
  }

  private void drop(RequiredActionContext context) {
    change(context).cancel(context.getUser().getId());
    keep(context, EMAIL, "");
    showAgain(context, info("updateEmailDropped"));
  }

  /**
   * Asks for the mail and shows the page again.
   *
   * @param sent what the page says besides when the mail leaves
   */
  private void ask(RequiredActionContext context, String email, Message... sent) {
    AuthenticationSessionModel visit = context.getAuthenticationSession();
    String browserSecret = LinkSecret.generate();
    AddressChange.Asking asking =
        new AddressChange.Asking(
            context.getUser().getId(),
            String.valueOf(kept(context, STAMP)),
            visit.getParentSession().getId(),
            visit.getClient().getClientId(),
            browserSecret);
    switch (change(context).ask(asking, email)) {
      case SENT -> {
        BrowserCookie.ADDRESS.set(context.getSession(), browserSecret);
        context
            .getEvent()
            .clone()
            .event(EventType.SEND_VERIFY_EMAIL)
            .user(context.getUser())
            .success();
        showAgain(context, sent);
      }
      case COOLING_DOWN -> showAgain(context, info("mailCoolDown", wait(context)));
      case TOO_MANY -> showAgain(context, error(null, "mailTooMany"));
      case ENDED -> throw sessionEnded(context.getSession(), visit);
    }
  }

  private long wait(RequiredActionContext context) {
    return change(context)
        .pending(new OwnerAccount(context.getUser()))
        .map(pending -> change(context).links().cooldown(pending).toSeconds() + 1)
        .orElse(1L);
  }

  private static AddressChange change(RequiredActionContext context) {
    return new AddressChange(context.getSession(), context.getRealm());
  }
}
