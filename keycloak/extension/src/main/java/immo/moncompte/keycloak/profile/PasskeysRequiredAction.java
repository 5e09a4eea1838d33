package immo.moncompte.keycloak.profile;

import static immo.moncompte.keycloak.core.Message.error;
import static immo.moncompte.keycloak.core.Message.success;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.PlainText;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.ActionVisit;
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
  protected Response page(ActionVisit visit) {
    // Our page is given the list in place of what an application may have asked Keycloak's own for.
    visit.authenticationSession().removeClientNote(Constants.KC_ACTION_PARAMETER);
    LoginFormsProvider form = visit.form();
    List<Map<String, String>> shown = new ArrayList<>();
    for (Passkey passkey : new Passkeys(visit.user()).list()) {
      shown.add(
          Map.of("id", passkey.id(), "label", passkey.label(), "added", date(visit, passkey)));
    }
    form.setAttribute("passkeys", shown);
    form.setAttribute("mayAdd", canAdd(visit));
    // Puts the challenge into the form, and makes the page webauthn-register.ftl, which is ours.
    registration(visit).requiredActionChallenge(visit.context());
    return ((RequiredActionContextResult) visit.context()).getChallenge();
  }

  private static boolean canAdd(ActionVisit visit) {
    return Passkeys.areOffered(visit.realm())
        && new Passkeys(visit.user()).list().size() < MAX_PASSKEYS;
  }

  private static String date(ActionVisit visit, Passkey passkey) {
    Locale language = visit.session().getContext().resolveLocale(visit.user());
    return new Dates(visit.realm(), language).day(passkey.addedAt());
  }

  @Override
  protected void submit(ActionVisit visit, MultivaluedMap<String, String> typed) {
    String removed = typed.getFirst("remove");
    if (removed != null) {
      remove(visit, removed);
      return;
    }
    if (typed.containsKey("done")) {
      visit.succeed();
      return;
    }
    add(visit, typed);
  }

  private void remove(ActionVisit visit, String id) {
    if (new Passkeys(visit.user()).remove(visit.session(), visit.realm(), id)) {
      visit
          .event()
          .event(EventType.REMOVE_CREDENTIAL)
          .detail(Details.CREDENTIAL_TYPE, Passkeys.TYPE)
          .detail(Details.CREDENTIAL_ID, id)
          .success();
      visit.showAgain(success("passkeyRemoved"));
      return;
    }
    visit.showAgain();
  }

  private void add(ActionVisit visit, MultivaluedMap<String, String> typed) {
    String label = typed.getFirst(WebAuthnConstants.AUTHENTICATOR_LABEL);
    boolean isName =
        !StringUtil.isBlank(label)
            && label.length() <= MAX_LABEL
            // It appears in a mail, where line breaks could forge text (specification, rule 13).
            && PlainText.is(label);
    if (!isName) {
      visit.showAgain(error("authenticatorLabel", "passkeyLabelInvalid", (long) MAX_LABEL));
      return;
    }
    String challenge =
        visit.authenticationSession().getAuthNote(WebAuthnConstants.AUTH_CHALLENGE_NOTE);
    boolean made = MADE.stream().map(typed::getFirst).noneMatch(StringUtil::isBlank);
    if (!made || challenge == null || !canAdd(visit)) {
      visit.showAgain(error(null, "passkeyFailed"));
      return;
    }
    String id = visit.user().getId();
    OwnerAccount account =
        RowLock.lock(visit.session(), visit.realm(), List.of(id))
            .get(id)
            .orElseThrow(() -> sessionEnded(visit.session(), visit.authenticationSession()));
    // Again, now that the account is locked: there may have been a reset.
    refuseIfOutdated(visit.context(), account);
    if (!registers(visit)) {
      visit.showAgain(error(null, "passkeyFailed"));
      return;
    }
    Passkeys.tellAdded(visit.session(), visit.realm(), account, label);
  }

  /** Has Keycloak verify and keep the new passkey. Tells whether it did. */
  private static boolean registers(ActionVisit visit) {
    try {
      registration(visit).processAction(visit.context());
    } catch (IllegalArgumentException e) {
      return false; // Not base64url.
    }
    return visit.context().getStatus() == RequiredActionContext.Status.SUCCESS;
  }

  private static RequiredActionProvider registration(ActionVisit visit) {
    return visit
        .session()
        .getProvider(RequiredActionProvider.class, WebAuthnPasswordlessRegisterFactory.PROVIDER_ID);
  }
}
