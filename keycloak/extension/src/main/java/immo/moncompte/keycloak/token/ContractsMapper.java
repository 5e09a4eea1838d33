package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ProtocolMapperModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.representations.AccessToken;

/**
 * Claim {@code contracts}. Equal contracts are listed once, with all their identifiers
 * (specification, rule 6). The userinfo endpoint also gives {@code contacts}, what each agency
 * knows about the owner.
 */
public final class ContractsMapper extends OwnerClaimMapper {

  @Override
  public String getId() {
    return "moncompte-contracts-mapper";
  }

  @Override
  String claimName() {
    return "contracts";
  }

  @Override
  int maxBytes() {
    return 2500;
  }

  @Override
  Object claim(
      KeycloakSession session, UserSessionModel userSession, ClientSessionContext clientSession) {
    Map<String, Map<String, Object>> shown = new LinkedHashMap<>();
    contracts(session, userSession, clientSession)
        .forEach(
            contract ->
                identifiers(shown.computeIfAbsent(sameness(contract), k -> described(contract)))
                    .add(contract.identifier()));
    return List.copyOf(shown.values());
  }

  @Override
  public AccessToken transformUserInfoToken(
      AccessToken token,
      ProtocolMapperModel mapper,
      KeycloakSession session,
      UserSessionModel userSession,
      ClientSessionContext clientSession) {
    AccessToken userinfo =
        super.transformUserInfoToken(token, mapper, session, userSession, clientSession);
    userinfo.getOtherClaims().put("contacts", contacts(session, userSession, clientSession));
    return userinfo;
  }

  private static Stream<Contract> contracts(
      KeycloakSession session, UserSessionModel userSession, ClientSessionContext clientSession) {
    Predicate<String> shown = shown(session, clientSession);
    return new OwnerAccount(userSession.getUser())
        .contracts().stream().filter(contract -> shown.test(contract.agency()));
  }

  private static List<Map<String, String>> contacts(
      KeycloakSession session, UserSessionModel userSession, ClientSessionContext clientSession) {
    Predicate<String> shown = shown(session, clientSession);
    return new OwnerAccount(userSession.getUser())
        .contacts().stream()
            .filter(contact -> shown.test(contact.agency()))
            .map(ContractsMapper::described)
            .distinct()
            .toList();
  }

  /** Tells whether an agency, {@code 1001/01}, is enabled and the application entitled to it. */
  private static Predicate<String> shown(
      KeycloakSession session, ClientSessionContext clientSession) {
    return Entitlement.now(session, clientSession)
        .and(
            codes ->
                AgencyCodes.parse(codes)
                    .flatMap(parsed -> Agency.find(session, parsed))
                    .isPresent());
  }

  private static String sameness(Contract contract) {
    return String.join(
        "\n", contract.agency().toLowerCase(Locale.ROOT), contract.reference(), contract.role());
  }

  private static Map<String, Object> described(Contract contract) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("agency", contract.agency());
    description.put("identifiers", new ArrayList<String>());
    description.put("reference", contract.reference());
    description.put("role", contract.role());
    description.put("address", contract.address());
    return description;
  }

  @SuppressWarnings("unchecked")
  private static List<String> identifiers(Map<String, Object> description) {
    return (List<String>) description.get("identifiers");
  }

  private static Map<String, String> described(Contact contact) {
    Map<String, String> description = new LinkedHashMap<>();
    description.put("agency", contact.agency());
    description.put(
        "address",
        String.join(" ", contact.address(), contact.postalCode(), contact.city()).strip());
    description.put("phone", contact.phone());
    description.put("mobile", contact.mobile());
    return description;
  }

  @Override
  public String getDisplayType() {
    return "Moncompte contracts";
  }

  @Override
  public String getHelpText() {
    return "The owner's contracts, those of the agencies the application is entitled to.";
  }
}
