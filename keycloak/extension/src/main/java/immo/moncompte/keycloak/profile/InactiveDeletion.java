package immo.moncompte.keycloak.profile;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import java.util.List;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserManager;
import org.keycloak.models.workflow.WorkflowExecutionContext;
import org.keycloak.models.workflow.WorkflowStepProvider;

/**
 * Deletes an account that was warned and has still no contract, with an event.
 *
 * <p>Keycloak's own step {@code delete-user} deletes whatever was found some time before, and
 * leaves no event. A file that is being loaded may have brought a contract meanwhile, or the owner
 * may have signed in while this waited for its turn: so this one locks the row first, as the import
 * does, and looks again (spec, rule 6).
 */
final class InactiveDeletion implements WorkflowStepProvider {

  private final KeycloakSession session;

  InactiveDeletion(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public void run(WorkflowExecutionContext context) {
    RealmModel realm = session.getContext().getRealm();
    RowLock.lock(session, realm, List.of(context.getResourceId()))
        .get(context.getResourceId())
        .filter(InactiveAccount::isToBeDeleted)
        .ifPresent(account -> delete(realm, account));
  }

  private void delete(RealmModel realm, OwnerAccount account) {
    new EventBuilder(realm, session)
        .event(EventType.DELETE_ACCOUNT)
        .user(account.user())
        .detail("action", "inactive")
        .detail("identifiers", String.join(" ", account.identifiers()))
        .success();
    new UserManager(session).removeUser(realm, account.user());
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
