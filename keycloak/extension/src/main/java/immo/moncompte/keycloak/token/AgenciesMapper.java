package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.core.LinkKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.organization.OrganizationProvider;

/**
 * Claim {@code organization}: the owner's agencies by alias. It replaces Keycloak's own mapper,
 * which gives nothing to a member of several organizations without a selection page, and does not
 * know what an application is entitled to.
 */
public final class AgenciesMapper extends OwnerClaimMapper {

  @Override
  public String getId() {
    return "moncompte-agencies-mapper";
  }

  @Override
  String claimName() {
    return "organization";
  }

  @Override
  int maxBytes() {
    return 1500;
  }

  @Override
  Object claim(
      KeycloakSession session, UserSessionModel userSession, ClientSessionContext clientSession) {
    Predicate<String> entitled = Entitlement.now(session, clientSession);
    Map<String, Object> agencies = new LinkedHashMap<>();
    session
        .getProvider(OrganizationProvider.class)
        .getByMember(userSession.getUser())
        .filter(OrganizationModel::isEnabled)
        .filter(organization -> AgencyCodes.ofAlias(organization.getAlias()).isPresent())
        .map(Agency::of)
        .filter(agency -> entitled.test(agency.getCodes()))
        .sorted((left, right) -> left.getAlias().compareTo(right.getAlias()))
        .forEach(agency -> agencies.put(agency.getAlias(), described(session, agency)));
    return agencies;
  }

  private static Map<String, String> described(KeycloakSession session, Agency agency) {
    Map<String, String> description = new LinkedHashMap<>();
    description.put("client", agency.codes().client());
    description.put("societe", agency.codes().societe());
    description.put("name", agency.getName());
    description.put("phone", agency.getPhone());
    description.put("email", agency.getEmail());
    description.put("help_url", agency.getHelpUrl());
    description.put("logo", logoOf(session, agency));
    description.values().removeIf(value -> value == null);
    return description;
  }

  private static String logoOf(KeycloakSession session, Agency agency) {
    String file = agency.getLogo();
    return file == null ? null : LinkKey.pages(session) + "/logo/" + file;
  }

  @Override
  public String getDisplayType() {
    return "Moncompte agencies";
  }

  @Override
  public String getHelpText() {
    return "The owner's agencies by alias, those the application is entitled to.";
  }
}
