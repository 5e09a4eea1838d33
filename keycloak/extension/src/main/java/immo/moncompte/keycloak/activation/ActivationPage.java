package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.DeviceCookie;
import immo.moncompte.keycloak.core.Guess;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkPage;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.LoginLink;
import immo.moncompte.keycloak.core.SourceLimit;
import immo.moncompte.keycloak.password.Passwords;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.models.utils.FormMessage;

/**
 * The page that the link of M1 opens. {@link ActivationByMailPage} is the one of an activation by
 * mail.
 *
 * <p>In another browser than the one that asked, it also asks for the password chosen at S4, so
 * that a mistyped address gives a stranger nothing (specification, rule 2).
 */
public final class ActivationPage extends LinkPage {

  /** Path below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "activation";

  public ActivationPage(KeycloakSession session) {
    super(session, MailLink.Kind.ACTIVATION, PATH);
  }

  @Override
  protected Response show(Found found) {
    return PendingActivation.of(session(), found)
        .map(pending -> confirmation(pending, null))
        .orElseGet(this::refused);
  }

  @Override
  protected Response act(LinkKey key, Found found, MultivaluedMap<String, String> form) {
    Optional<PendingActivation> pending = PendingActivation.of(session(), found);
    if (pending.isEmpty()) {
      return refused();
    }
    if (!BrowserCookie.ACTIVATION.isOf(session(), found.link())) {
      SourceLimit source =
          SourceLimit.of(session(), realm(), "link", pending.get().agency().getAlias());
      if (!source.admits(event())) {
        return confirmation(pending.get(), "tooManyAttempts");
      }
      if (!isRight(found.account(), form.getFirst("password"))) {
        logWrongPassword(pending.get());
        return confirmation(pending.get(), "passwordWrong");
      }
      source.refund();
    }
    return use(key, pending.get());
  }

  private Response use(LinkKey key, PendingActivation pending) {
    ClientModel client = useClientOf(pending.link());
    String loginUrl =
        LoginLink.of(session(), client, pending.link().get(Activation.TAB), pending.email());
    Optional<Activation.Outcome> outcome = new Activation(session(), realm()).confirm(key);
    if (outcome.isEmpty()) {
      return refused();
    }
    boolean isActivated = outcome.get() == Activation.Outcome.ACTIVATED;
    if (isActivated) {
      endOtherSession();
      new DeviceCookie(session(), realm())
          .remember(RowLock.reread(session(), realm(), key.userId()));
    }
    BrowserCookie.ACTIVATION.expire(session(), pending.link());
    LoginFormsProvider form = form(pending.agency());
    warnOfOtherSession(form, null);
    form.setAttribute("loginUrl", loginUrl);
    form.setAttribute("mergeUrl", key.url(session(), Activation.MERGE_PATH));
    return page(form, isActivated ? "address-confirmed.ftl" : "address-taken.ftl");
  }

  /** Whether this is the password chosen at S4; one hash is computed in every case. */
  private boolean isRight(OwnerAccount account, String typed) {
    Optional<CredentialModel> chosen = account.credential(OwnerAccount.PENDING_PASSWORD);
    Guess guess =
        chosen
            .map(secret -> Guess.at(session(), realm(), account, secret))
            .orElseGet(() -> Guess.atNothing(session(), realm(), account.id()));
    boolean right = false;
    if (chosen.isPresent() && guess.isAdmitted()) {
      right =
          Passwords.verify(
              session(),
              Passwords.normalize(typed),
              PasswordCredentialModel.createFromCredentialModel(chosen.get()));
    } else {
      Passwords.spendOneHash(session(), realm());
    }
    guess.settle(right);
    return right;
  }

  private void logWrongPassword(PendingActivation pending) {
    event()
        .event(EventType.VERIFY_EMAIL)
        .user(pending.account().user())
        .detail("agency", pending.agency().getCodes())
        .error(Errors.INVALID_USER_CREDENTIALS);
  }

  private Response confirmation(PendingActivation pending, String error) {
    LoginFormsProvider form = form(pending.agency());
    warnOfOtherSession(form, null);
    form.setAttribute("identifier", pending.writtenIdentifier());
    form.setAttribute("address", EmailAddress.shown(pending.email()));
    form.setAttribute(
        "passwordRequired", !BrowserCookie.ACTIVATION.isOf(session(), pending.link()));
    if (error != null) {
      form.addError(new FormMessage("password", error));
    }
    return page(form, "confirm-address.ftl");
  }
}
