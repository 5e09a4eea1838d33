package immo.moncompte.keycloak.account;

import java.util.List;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.organization.OrganizationProvider;

/** A property-management office: an enabled organization whose alias consists of its two codes. */
public final class Agency {

  private final OrganizationModel organization;

  private Agency(OrganizationModel organization) {
    this.organization = organization;
  }

  /** The enabled agency with these codes. A disabled one is as unknown as a wrong code. */
  public static Optional<Agency> find(KeycloakSession session, AgencyCodes codes) {
    return findByAlias(session, codes.alias());
  }

  /** The enabled agency with this alias, {@code 1001-01}. */
  public static Optional<Agency> findByAlias(KeycloakSession session, String alias) {
    return AgencyCodes.ofAlias(alias) // a database refuses some other texts
        .map(codes -> session.getProvider(OrganizationProvider.class).getByAlias(alias))
        .filter(OrganizationModel::isEnabled)
        .map(Agency::new);
  }

  /** The agency of an organization that is known to be one. */
  public static Agency of(OrganizationModel organization) {
    return new Agency(organization);
  }

  public OrganizationModel organization() {
    return organization;
  }

  public String getAlias() {
    return organization.getAlias();
  }

  /** The codes as the operator wrote them in the manifest, {@code 1001/01}. */
  public String getCodes() {
    return codes().toString();
  }

  public AgencyCodes codes() {
    AgencyCodes ofAlias = AgencyCodes.ofAlias(organization.getAlias()).orElseThrow();
    return AgencyCodes.parse(
            orElse("client", ofAlias.client()), orElse("societe", ofAlias.societe()))
        .orElse(ofAlias);
  }

  /** The name that owners know. The organization's own name contains the codes, to be unique. */
  public String getName() {
    return orElse("name", organization.getName());
  }

  public String getHelpUrl() {
    return attribute("help_url");
  }

  public String getPhone() {
    return attribute("phone");
  }

  public String getEmail() {
    return attribute("email");
  }

  /** Name of the file of its logo, or null. */
  public String getLogo() {
    return Logos.nameOf(organization);
  }

  /** Name of the style sheet with its colours, or null for the realm's. */
  public String getColours() {
    return attribute("colours");
  }

  /** Ids of the service accounts that may load and support its owners. */
  public List<String> managedBy() {
    return organization.getAttributes().getOrDefault("managed_by", List.of());
  }

  /** Whether owners who never activated may do so by a link to the address the agency holds. */
  public boolean activatesByMail() {
    return !"false".equals(attribute("activation_by_mail"));
  }

  private String orElse(String name, String fallback) {
    String value = attribute(name);
    return value == null ? fallback : value;
  }

  private String attribute(String name) {
    List<String> values = organization.getAttributes().get(name);
    if (values == null || values.isEmpty() || values.get(0).isBlank()) {
      return null;
    }
    return values.get(0);
  }
}
