package immo.moncompte.keycloak.profile;

import static immo.moncompte.keycloak.core.Messages.error;
import static immo.moncompte.keycloak.core.Messages.success;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.PlainText;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.InitiatedAction;
import immo.moncompte.keycloak.core.Passkeys;
import immo.moncompte.keycloak.core.Passkeys.Passkey;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.keycloak.WebAuthnConstants;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionContextResult;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.authentication.requiredactions.WebAuthnPasswordlessRegisterFactory;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.Constants;
import org.keycloak.utils.StringUtil;

/**
 * « Clés d'accès »: an owner who is signed in adds or removes a passkey. Nobody must have one.
 *
 * <p>Keycloak's own {@code webauthn-register-passwordless} makes the challenge and verifies the
 * answer. The page, its list and the mail are ours.
 */
public final class PasskeysRequiredAction extends InitiatedAction {

  private static final int MAX_LABEL = 60;
  private static final int MAX_PASSKEYS = 20;

  /** Fields of a passkey that the browser has made. */
  private static final List<String> MADE =
      List.of(
          WebAuthnConstants.CLIENT_DATA_JSON,
          WebAuthnConstants.ATTESTATION_OBJECT,
          WebAuthnConstants.PUBLIC_KEY_CREDENTIAL_ID);

  public PasskeysRequiredAction() {
    super("moncompte-passkeys", "add or remove passkeys");
  }

  @Override
  protected Response page(RequiredActionContext context) {
    // Our page is given the list in place of what an application may have asked Keycloak's own for.
    context.getAuthenticationSession().removeClientNote(Constants.KC_ACTION_PARAMETER);
    LoginFormsProvider form = form(context);
    List<Map<String, String>> shown = new ArrayList<>();
    for (Passkey passkey : new Passkeys(context.getUser()).list()) {
      shown.add(
          Map.of("id", passkey.id(), "label", passkey.label(), "added", date(context, passkey)));
    }
    form.setAttribute("passkeys", shown);
    form.setAttribute("mayAdd", canAdd(context));
    // Puts the challenge into the form, and makes the page webauthn-register.ftl, which is ours.
    registration(context).requiredActionChallenge(context);
    return ((RequiredActionContextResult) context).getChallenge();
  }

  private static boolean canAdd(RequiredActionContext context) {
    return Passkeys.areOffered(context.getRealm())
        && new Passkeys(context.getUser()).list().size() < MAX_PASSKEYS;
  }

  private static String date(RequiredActionContext context, Passkey passkey) {
    Locale language = context.getSession().getContext().resolveLocale(context.getUser());
    return new Dates(context.getRealm(), language).day(passkey.addedAt());
  }

  @Override
  protected void submit(RequiredActionContext context) {
    MultivaluedMap<String, String> typed = context.getHttpRequest().getDecodedFormParameters();
    String removed = typed.getFirst("remove");
    if (removed != null) {
      remove(context, removed);
      return;
    }
    if (typed.containsKey("done")) {
      context.success();
      return;
    }
    add(context, typed);
  }

  private void remove(RequiredActionContext context, String id) {
    if (new Passkeys(context.getUser()).remove(context.getSession(), context.getRealm(), id)) {
      context
          .getEvent()
          .clone()
          .event(EventType.REMOVE_CREDENTIAL)
          .detail(Details.CREDENTIAL_TYPE, Passkeys.TYPE)
          .detail(Details.CREDENTIAL_ID, id)
          .success();
      showAgain(context, success("passkeyRemoved"));
      return;
    }
    showAgain(context);
  }

  private void add(RequiredActionContext context, MultivaluedMap<String, String> typed) {
    String label = typed.getFirst(WebAuthnConstants.AUTHENTICATOR_LABEL);
    boolean isName =
        !StringUtil.isBlank(label)
            && label.length() <= MAX_LABEL
            // It appears in a mail, where line breaks could forge text (specification, rule 13).
            && PlainText.is(label);
    if (!isName) {
      showAgain(context, error("authenticatorLabel", "passkeyLabelInvalid", (long) MAX_LABEL));
      return;
    }
    String challenge =
        context.getAuthenticationSession().getAuthNote(WebAuthnConstants.AUTH_CHALLENGE_NOTE);
    boolean made = MADE.stream().map(typed::getFirst).noneMatch(StringUtil::isBlank);
    if (!made || challenge == null || !canAdd(context)) {
      showAgain(context, error(null, "passkeyFailed"));
      return;
    }
    String id = context.getUser().getId();
    OwnerAccount account =
        RowLock.lock(context.getSession(), context.getRealm(), List.of(id))
            .get(id)
            .orElseThrow(
                () -> sessionEnded(context.getSession(), context.getAuthenticationSession()));
    // Again, now that the account is locked: there may have been a reset.
    refuseIfOutdated(context, account);
    if (!registers(context)) {
      showAgain(context, error(null, "passkeyFailed"));
      return;
    }
    Passkeys.tellAdded(context.getSession(), context.getRealm(), account, label);
  }

  /** Has Keycloak verify and keep the new passkey. Tells whether it did. */
  private static boolean registers(RequiredActionContext context) {
    try {
      registration(context).processAction(context);
    } catch (IllegalArgumentException e) {
      return false; // Not base64url.
    }
    return context.getStatus() == RequiredActionContext.Status.SUCCESS;
  }

  private static RequiredActionProvider registration(RequiredActionContext context) {
    return context
        .getSession()
        .getProvider(RequiredActionProvider.class, WebAuthnPasswordlessRegisterFactory.PROVIDER_ID);
  }
}
