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
 * Deletes an account that was warned and still has no contract, with an event.
 *
 * <p>Keycloak's own step {@code delete-user} deletes what was found some time before, without an
 * event. Meanwhile an import may have brought a contract, or the owner may have signed in. So this
 * step locks the row, as an import does, and looks again (specification, rule 6).
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
