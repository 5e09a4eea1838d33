package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Accounts;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.core.BrowserCookie;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.core.Origin;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.password.ResetPage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What follows from « Mot de passe oublié » (S9).
 *
 * <p>Nothing is looked up before the answer has left: it is the same, in words and in time, for
 * accounts that are known, unknown, locked, disabled or never activated (specification, rule 7),
 * and which mail leaves, if any, is decided after it.
 */
record ForgottenPassword(
    KeycloakSession session, RealmModel realm, ForgottenPassword.Request request) {

  /**
   * What was asked for, by whom.
   *
   * @param address the address typed, lower case, or null
   * @param identifier the identifier typed, of the agency it was typed for, or null
   * @param browserHash hash of the secret of the browser, see {@link BrowserCookie}
   */
  record Request(String address, Identifier identifier, String browserHash, Origin origin) {

    /** What was typed, in the form in which it is compared. */
    String typed() {
      return address == null ? identifier.bareValue() : address;
    }
  }

  /** Takes the request; what it leads to is decided after the answer. */
  static void ask(KeycloakSession session, Request request) {
    MailQueue.decideLater(
        session,
        "forgotten-password",
        own -> new ForgottenPassword(own, own.getContext().getRealm(), request).decide());
  }

  private void decide() {
    if (!asked().admits(request.typed())) {
      refuse(null, "too_many_accounts");
      return;
    }
    Optional<OwnerAccount> account = locked(found());
    if (account.isEmpty()) {
      refuse(null, Errors.USER_NOT_FOUND);
      return;
    }
    if (!account.get().user().isEnabled()) {
      refuse(account.get(), Errors.USER_DISABLED);
      return;
    }
    if (!account.get().isPersonal()) {
      activate(account.get());
      return;
    }
    reset(account.get());
  }

  /** By its address, or by an identifier that it has or had, whatever its address. */
  private Optional<OwnerAccount> found() {
    Optional<OwnerAccount> byAddress =
        Optional.ofNullable(request.address())
            .flatMap(address -> Accounts.findPersonal(session, realm, address));
    return byAddress.or(
        () ->
            Optional.ofNullable(request.identifier())
                .flatMap(typed -> Accounts.findByIdentifier(session, realm, typed)));
  }

  private Optional<OwnerAccount> locked(Optional<OwnerAccount> found) {
    return found
        .map(OwnerAccount::id)
        .flatMap(id -> RowLock.lock(session, realm, List.of(id)).get(id));
  }

  /** For an owner who never activated: the account was found by its identifier alone. */
  private void activate(OwnerAccount account) {
    Activation activation = new Activation(session, realm);
    if (!activation.isPossibleByMail(account)) {
      refuse(account, "not_activated");
      return;
    }
    Links.Sending sending =
        activation.sendByMail(
            account, request.browserHash(), request.origin(), recipient(account.suggestedEmail()));
    tell(account, sending, event(account).detail("action", "activation"));
  }

  private void reset(OwnerAccount account) {
    String email = account.user().getEmail();
    if (email == null || !account.user().isEmailVerified()) {
      refuse(account, Errors.INVALID_EMAIL);
      return;
    }
    MailLink asked =
        MailLink.asked(
            MailLink.Kind.RESET, request.origin().clientId(), request.origin().locale(), Map.of());
    Links.Sending sending =
        new Links(session, realm)
            .send(
                account,
                asked,
                recipient(email),
                (link, key) ->
                    sendLink(account, email, key.url(request.origin().pages(), ResetPage.PATH)));
    tell(account, sending, event(account));
  }

  /** The last link stays valid when no new one may leave. */
  private void tell(OwnerAccount account, Links.Sending sending, EventBuilder event) {
    if (sending == Links.Sending.SENT) {
      event.success();
      return;
    }
    refuse(account, "mail_throttled");
  }

  /**
   * S9 has counted the source already, and has told the visitor nothing. A source that asks for one
   * account only does not count against the agency, so strangers use up nothing that an owner needs
   * (specification, rule 8).
   */
  private Links.Recipient recipient(String email) {
    List<String> agencies =
        Optional.ofNullable(request.identifier())
            .filter(typed -> !asked().isOnlyOne())
            .map(Identifier::agencyAlias)
            .stream()
            .toList();
    return new Links.Recipient(email, null, agencies, false, true);
  }

  private AskedAccounts asked() {
    return AskedAccounts.of(session, realm, request.origin().source());
  }

  private void sendLink(OwnerAccount account, String email, String link) {
    new OwnerMail("reset-password", account, email, request.origin().locale())
        .withLink(link, RealmSettings.resetLinkLifetime(realm))
        .queue(session);
  }

  /** For the operator; nothing that was typed and not found (specification, rule 6). */
  private void refuse(OwnerAccount account, String error) {
    event(account).error(error);
  }

  private EventBuilder event(OwnerAccount account) {
    EventBuilder event = request.origin().event(session).event(EventType.SEND_RESET_PASSWORD);
    if (request.identifier() != null) {
      String alias = request.identifier().agencyAlias();
      event.detail("agency", AgencyCodes.ofAlias(alias).orElseThrow().toString());
    }
    if (account != null) {
      event.user(account.user());
    }
    return event;
  }
}
