package immo.moncompte.keycloak.profile;

import java.util.Set;
import org.keycloak.component.ComponentModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.workflow.ResourceType;
import org.keycloak.models.workflow.WorkflowStepProviderFactory;

/** Registers {@link InactiveDeletion} as a step of workflows. */
public final class InactiveDeletionFactory
    implements WorkflowStepProviderFactory<InactiveDeletion> {

  @Override
  public InactiveDeletion create(KeycloakSession session, ComponentModel step) {
    return new InactiveDeletion(session);
  }

  @Override
  public String getId() {
    return "moncompte-delete-inactive";
  }

  @Override
  public Set<ResourceType> getSupportedResourceTypes() {
    return Set.of(ResourceType.USERS);
  }

  @Override
  public String getHelpText() {
    return "Deletes an account that still has no contract.";
  }
}
