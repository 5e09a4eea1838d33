package immo.moncompte.keycloak.account;

import java.time.Instant;
import org.keycloak.models.UserModel;

/** Why nobody can use an account: a dispute has frozen it, or its agency has disabled it. */
public record Suspension(OwnerAccount account) {

  private static final String FROZEN_AT = "frozen_at";
  private static final String DISABLED_BY = "disabled_by";

  /** Lets nobody in until the operator enables the account (specification, rule 4). */
  public void freeze(Instant now) {
    user().setEnabled(false);
    Seconds.write(user(), FROZEN_AT, now);
    account.links().end();
    account.links().remove(MailLink.Kind.DISPUTE);
  }

  /** Since when the account is frozen by a dispute, or null when it is not. */
  public Instant frozenAt() {
    return user().isEnabled() ? null : Seconds.read(user(), FROZEN_AT);
  }

  /** Codes of the agency that disabled the account, {@code 1001/01}; null when none has. */
  public String disabledBy() {
    return user().getFirstAttribute(DISABLED_BY);
  }

  /** Disables the account for an agency, which alone can enable it again. */
  public void disable(String agency) {
    user().setEnabled(false);
    user().setSingleAttribute(DISABLED_BY, agency);
    account.endPendingActivation();
  }

  public void enable() {
    user().removeAttribute(DISABLED_BY);
    user().setEnabled(true);
  }

  private UserModel user() {
    return account.user();
  }
}
