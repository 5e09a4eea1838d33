package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Activation;
import immo.moncompte.keycloak.core.Links;
import java.util.Locale;

/**
 * What an agency does for an owner who has not activated yet: another letter, the mail once more,
 * disabling and enabling. Of a personal account it may end its own contracts and nothing else
 * (specification, rule 10).
 */
final class OwnerSupport {

  private final AgencyRequest request;
  private final AgencyOwner owner;
  private final OwnerAccount account;
  private final String identifier;

  OwnerSupport(AgencyOwner locked) {
    this.request = locked.request();
    this.owner = locked;
    this.account = locked.account();
    this.identifier = locked.identifier().written();
  }

  /** Until when the new credentials work. */
  record Reissued(String identifier, String expires) {}

  /**
   * What became of the mail.
   *
   * @param outcome sent, cooling_down or too_many
   * @param waitSeconds seconds until it may be sent again
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Resent(
      String identifier,
      String outcome,
      String maskedEmail,
      @JsonProperty("wait") long waitSeconds) {}

  /** Whether the account can be used now. */
  record Enabled(String identifier, boolean enabled) {}

  /**
   * Replaces the provisional credentials by new ones, with a lifetime of their own. This ends a
   * pending activation (specification, rule 3), and a lock that guesses have brought.
   */
  Reissued reissue(LoadedPassword password) {
    Refusals.requireNotFrozen(account);
    if (account.isPersonal()) {
      throw Refusals.conflict(
          "already_activated",
          "The owner has activated: the letter has served, and only the owner sets a password.");
    }
    if (account.contracts().isEmpty()) {
      throw Refusals.conflict(
          "no_contract", "No contract stands under this identifier: load it first.");
    }
    password.giveTo(account, request.realm());
    request.session().loginFailures().removeUserLoginFailure(request.realm(), account.id());
    owner.log("reissue");
    return new Reissued(identifier, account.letter().expires().toString());
  }

  /** Sends the mail of the activation that waits once more, with a new link, to its address. */
  Resent resend() {
    if (account.isPersonal()) {
      throw Refusals.conflict(
          "already_activated", "The owner has activated: no mail is waited for.");
    }
    Activation activation = new Activation(request.session(), request.realm());
    MailLink pending =
        activation
            .pending(account)
            .orElseThrow(
                () ->
                    Refusals.conflict(
                        "nothing_waiting",
                        "No activation waits for its mail: the owner has to begin, with the"
                            + " letter's credentials."));
    Links.Sending sending = activation.send(request.agency(), identifier, account, pending);
    if (sending == Links.Sending.SENT) {
      owner.log("resend");
    }
    return new Resent(
        identifier,
        sending.name().toLowerCase(Locale.ROOT),
        EmailAddress.masked(pending.get(MailLink.TARGET)),
        activation.cooldown(pending).toSeconds());
  }

  /** Disables a provisional account, which ends a pending activation (specification, rule 3). */
  Enabled disable() {
    requireProvisional();
    if (account.user().isEnabled()) {
      account.suspension().disable(request.agency().getCodes());
      owner.log("disable");
    }
    return new Enabled(identifier, false);
  }

  /** Enables a provisional account that this agency has disabled. */
  Enabled enable() {
    Refusals.requireNotFrozen(account);
    requireProvisional();
    if (!account.user().isEnabled()) {
      String disabledBy = account.suspension().disabledBy();
      if (disabledBy == null || !request.isOwn(disabledBy)) {
        throw Refusals.conflict(
            "disabled_by_operator",
            "It was not the agency that disabled this account: ask the operator.");
      }
      account.suspension().enable();
      owner.log("enable");
    }
    return new Enabled(identifier, true);
  }

  private void requireProvisional() {
    if (account.isPersonal()) {
      throw Refusals.conflict(
          "personal_account",
          "A personal account is its owner's: an agency ends its own contracts there (release, or"
              + " an import with --prune), the operator disables accounts.");
    }
  }
}
