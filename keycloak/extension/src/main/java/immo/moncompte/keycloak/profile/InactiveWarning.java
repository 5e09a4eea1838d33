package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.OwnerMail;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.component.ComponentModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.workflow.WorkflowExecutionContext;
import org.keycloak.models.workflow.WorkflowStepProvider;

/**
 * Tells an owner that the account will be deleted, and how to keep it.
 *
 * <p>Keycloak's own step {@code notify-user} only logs a mail that cannot be sent, and goes on to
 * the deletion. This step fails, and the workflow tries it again. Without the mark that its owner
 * was warned, an account is not deleted.
 */
final class InactiveWarning implements WorkflowStepProvider {

  private final KeycloakSession session;
  private final ComponentModel step;

  InactiveWarning(KeycloakSession session, ComponentModel step) {
    this.session = session;
    this.step = step;
  }

  /** Throws IllegalStateException when the mail server does not take the mail. */
  @Override
  public void run(WorkflowExecutionContext context) {
    RealmModel realm = session.getContext().getRealm();
    Optional.ofNullable(session.users().getUserById(realm, context.getResourceId()))
        .map(OwnerAccount::new)
        .filter(account -> InactiveAccount.isToBeWarned(account, inactive(), Instant.now()))
        .ifPresent(account -> warn(realm, account));
  }

  private void warn(RealmModel realm, OwnerAccount account) {
    new OwnerMail(session, "inactive", account)
        .with("ownerName", account.name())
        .with("days", Long.valueOf(step.get("days")))
        .with("loginUrl", Objects.requireNonNullElse(RealmSettings.entranceUrl(realm), ""))
        .send(session);
    account.inactivity().markWarned(Instant.now());
  }

  private Duration inactive() {
    return Duration.ofSeconds(Long.parseLong(step.get("inactive")));
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
