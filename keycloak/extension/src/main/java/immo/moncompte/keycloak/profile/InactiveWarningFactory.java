package immo.moncompte.keycloak.profile;

import java.util.Set;
import org.keycloak.component.ComponentModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.workflow.ResourceType;
import org.keycloak.models.workflow.WorkflowStepProviderFactory;

/** Registers {@link InactiveWarning} as a step of workflows. */
public final class InactiveWarningFactory implements WorkflowStepProviderFactory<InactiveWarning> {

  @Override
  public InactiveWarning create(KeycloakSession session, ComponentModel step) {
    return new InactiveWarning(session, step);
  }

  @Override
  public String getId() {
    return "moncompte-warn-inactive";
  }

  @Override
  public Set<ResourceType> getSupportedResourceTypes() {
    return Set.of(ResourceType.USERS);
  }

  @Override
  public String getHelpText() {
    return "Tells an owner without contracts that the account will be deleted.";
  }
}
