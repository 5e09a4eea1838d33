package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Passkeys;
import immo.moncompte.keycloak.core.ProvedPassword;
import immo.moncompte.keycloak.core.SignIn;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.keycloak.WebAuthnConstants;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.authenticators.browser.WebAuthnAuthenticator;
import org.keycloak.common.util.Base64Url;
import org.keycloak.credential.CredentialProvider;
import org.keycloak.credential.WebAuthnCredentialProvider;
import org.keycloak.credential.WebAuthnPasswordlessCredentialProviderFactory;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.WebAuthnPolicy;

/**
 * S6 with a passkey. Keycloak makes the challenge and verifies the answer. This class decides who
 * may come in, and what a refusal says and logs, as for a password: one sentence for all reasons,
 * and nothing typed in events (specification, rules 1, 6 and 7).
 */
final class PasskeyLogin extends WebAuthnAuthenticator {

  private final SignIn visit;
  private boolean refused;

  PasskeyLogin(SignIn visit) {
    super(visit.session());
    this.visit = visit;
  }

  /** Adds the challenge to the form, if a passkey is possible. */
  void offer() {
    UserModel known = visit.context().getUser();
    boolean useful = known == null || !new Passkeys(known).list().isEmpty();
    if (Passkeys.areOffered(visit.realm()) && useful) {
      fillContextForm(visit.context());
      visit.context().form().setAttribute("passkey", true);
    }
  }

  /** Whether a form contains the answer for a passkey. */
  static boolean isAnswered(MultivaluedMap<String, String> form) {
    return form.containsKey(WebAuthnConstants.AUTHENTICATOR_DATA);
  }

  /**
   * Verifies the answer. If it is right, the flow has succeeded for the account.
   *
   * @return whether it is right, and its account may come in
   */
  boolean verifies(MultivaluedMap<String, String> form) {
    Optional<OwnerAccount> account = account(form);
    String challenge =
        visit.authenticationSession().getAuthNote(WebAuthnConstants.AUTH_CHALLENGE_NOTE);
    boolean usable =
        Passkeys.areOffered(visit.realm())
            && challenge != null
            && !form.containsKey(WebAuthnConstants.ERROR)
            && account.filter(this::canSignIn).isPresent();
    if (usable && isRight()) {
      visit.context().getEvent().detail(Details.USERNAME, account.get().user().getUsername());
      // So that a reset elsewhere ends this sign-in.
      ProvedPassword.remember(visit.authenticationSession(), account.get());
      return true;
    }
    visit.authenticationSession().removeAuthNote(WebAuthnConstants.AUTH_CHALLENGE_NOTE);
    logRefusal(account);
    return false;
  }

  private boolean isRight() {
    try {
      action(visit.context());
    } catch (IllegalArgumentException e) {
      return false; // Not base64url.
    }
    return !refused;
  }

  /** The account that the passkey names. A security key may name none: then the known account. */
  private Optional<OwnerAccount> account(MultivaluedMap<String, String> form) {
    String handle = form.getFirst(WebAuthnConstants.USER_HANDLE);
    if (handle == null || handle.isBlank()) {
      return Optional.ofNullable(visit.context().getUser()).map(OwnerAccount::new);
    }
    try {
      String id = new String(Base64Url.decode(handle), StandardCharsets.UTF_8);
      return Optional.ofNullable(visit.session().users().getUserById(visit.realm(), id))
          .map(OwnerAccount::new);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean canSignIn(OwnerAccount account) {
    UserModel user = account.user();
    return account.isPersonal() && user.isEmailVerified() && user.isEnabled();
  }

  private void logRefusal(Optional<OwnerAccount> account) {
    EventBuilder event =
        visit
            .event()
            .event(EventType.LOGIN)
            .detail("screen", visit.currentScreen())
            .detail(Details.CREDENTIAL_TYPE, Passkeys.TYPE);
    account.ifPresent(found -> event.user(found.user()));
    event.error(account.isPresent() ? Errors.INVALID_USER_CREDENTIALS : Errors.USER_NOT_FOUND);
  }

  /** Replaces Keycloak's error page, which names the reason and logs what the visitor sent. */
  @Override
  protected void setErrorResponse(
      AuthenticationFlowContext context, String errorCase, String errorMessage) {
    refused = true;
  }

  @Override
  protected WebAuthnPolicy getWebAuthnPolicy(AuthenticationFlowContext context) {
    return context.getRealm().getWebAuthnPolicyPasswordless();
  }

  @Override
  protected String getCredentialType() {
    return Passkeys.TYPE;
  }

  @Override
  public WebAuthnCredentialProvider getCredentialProvider(KeycloakSession session) {
    return (WebAuthnCredentialProvider)
        session.getProvider(
            CredentialProvider.class, WebAuthnPasswordlessCredentialProviderFactory.PROVIDER_ID);
  }
}
