package immo.moncompte.keycloak.token;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.keycloak.models.ClientModel;

/**
 * Which agencies' data an application may get: all, or those the manifest names for it (rule 10).
 */
record Entitlement(Set<String> codes) {

  private static final String ATTRIBUTE = "moncompte.agencies";

  static Entitlement of(ClientModel client) {
    String listed = client.getAttribute(ATTRIBUTE);
    if (listed == null || listed.isBlank()) {
      return new Entitlement(Set.of());
    }
    return new Entitlement(
        Arrays.stream(listed.split(","))
            .map(code -> code.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet()));
  }

  /** Whether the application may see this agency, {@code 1001/01}. */
  boolean covers(String agencyCodes) {
    return codes.isEmpty() || codes.contains(agencyCodes.toLowerCase(Locale.ROOT));
  }
}
