package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Map;

/**
 * What an agency does for an owner who has not activated yet: another letter, the mail once more,
 * disabling and enabling. Of a personal account it may end its own contracts and nothing else
 * (spec, rule 10).
 */
final class OwnerSupport {

  private final AgencyRequest request;
  private final Identifier identifier;
  private final OwnerAccount account;

  private OwnerSupport(AgencyRequest request, Identifier asked) {
    this.request = request;
    this.account = request.lock(asked);
    this.identifier = request.written(account, asked);
  }

  /** To be used within a transaction, until whose end the account stays locked. */
  static OwnerSupport of(AgencyRequest request, Identifier identifier) {
    return new OwnerSupport(request, identifier);
  }

  /**
   * Puts new provisional credentials in the place of those before, with a lifetime of their own. It
   * ends a pending activation (spec, rule 3), and a lock that guesses at the old ones have brought.
   *
   * @param password one that {@link OwnerValidation} accepts
   */
  Map<String, Object> reissue(LoadedPassword password) {
    Refusals.requireNotFrozen(account);
    if (account.isPersonal()) {
      throw conflict(
          "already_activated",
          "The owner has activated: the letter has served, and only the owner sets a password.");
    }
    if (account.contracts().isEmpty()) {
      throw conflict("no_contract", "No contract stands under this identifier: load it first.");
    }
    new ProvisionalAccounts(request.session(), request.realm(), request.agency())
        .setPassword(account, password);
    account.endPendingActivation();
    request.session().loginFailures().removeUserLoginFailure(request.realm(), account.id());
    request.log(account, "reissue", identifier, Map.of());
    return Map.of(
        "identifier", identifier.written(), "expires", account.provisionalExpires().toString());
  }

  /**
   * Sends the mail of the activation that waits once more, with a new link, where it went before.
   */
  Map<String, Object> resend() {
    Activation activation = new Activation(request.session(), request.realm());
    MailLink pending = activation.pending(account).orElse(null);
    if (account.isPersonal()) {
      throw conflict("already_activated", "The owner has activated: no mail is waited for.");
    }
    if (pending == null) {
      throw conflict(
          "nothing_waiting",
          "No activation waits for its mail: the owner has to begin, with the letter's credentials.");
    }
    Links.Sending sending =
        activation.resendFor(request.agency(), identifier.written(), account, pending);
    if (sending == Links.Sending.SENT) {
      request.log(account, "resend", identifier, Map.of());
    }
    return Map.of(
        "identifier", identifier.written(),
        "outcome", sending.name().toLowerCase(Locale.ROOT),
        "masked_email", Addresses.masked(pending.get(MailLink.TARGET)),
        "wait", activation.cooldown(pending).toSeconds());
  }

  /** Disables a provisional account, which ends a pending activation (spec, rule 3). */
  Map<String, Object> disable() {
    requireProvisional();
    if (account.user().isEnabled()) {
      account.disable(request.agency().getCodes());
      request.log(account, "disable", identifier, Map.of());
    }
    return Map.of("identifier", identifier.written(), "enabled", false);
  }

  /** Enables a provisional account that this agency has disabled. */
  Map<String, Object> enable() {
    Refusals.requireNotFrozen(account);
    requireProvisional();
    if (!account.user().isEnabled()) {
      if (account.disabledBy() == null || !request.isOwn(account.disabledBy())) {
        throw conflict(
            "disabled_by_operator",
            "It was not the agency that disabled this account: ask the operator.");
      }
      account.enable();
      request.log(account, "enable", identifier, Map.of());
    }
    return Map.of("identifier", identifier.written(), "enabled", true);
  }

  private void requireProvisional() {
    if (account.isPersonal()) {
      throw conflict(
          "personal_account",
          "A personal account is its owner's: an agency ends its own contracts there (release, or"
              + " an import with --prune), the operator disables accounts.");
    }
  }

  private static RuntimeException conflict(String error, String description) {
    return Refusals.refusal(Response.Status.CONFLICT, error, description);
  }
}
