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
    Predicate<String> isShown = isShown(session, clientSession);
    Map<String, ShownContract> shown = new LinkedHashMap<>();
    new OwnerAccount(userSession.getUser())
        .contracts().stream()
            .filter(contract -> isShown.test(contract.agency()))
            .forEach(
                contract ->
                    shown
                        .computeIfAbsent(sameness(contract), k -> ShownContract.of(contract))
                        .identifiers
                        .add(contract.identifier()));
    return List.copyOf(shown.values());
  }

  private record ShownContract(
      String agency, List<String> identifiers, String reference, String role, String address) {

    static ShownContract of(Contract one) {
      return new ShownContract(
          one.agency(), new ArrayList<>(), one.reference(), one.role(), one.address());
    }
  }

  private static String sameness(Contract contract) {
    return String.join(
        "\n", contract.agency().toLowerCase(Locale.ROOT), contract.reference(), contract.role());
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
    Predicate<String> isShown = isShown(session, clientSession);
    List<ShownContact> contacts =
        new OwnerAccount(userSession.getUser())
            .contacts().stream()
                .filter(contact -> isShown.test(contact.agency()))
                .map(ShownContact::of)
                .distinct()
                .toList();
    userinfo.getOtherClaims().put("contacts", contacts);
    return userinfo;
  }

  private record ShownContact(String agency, String address, String phone, String mobile) {

    static ShownContact of(Contact one) {
      String address = String.join(" ", one.address(), one.postalCode(), one.city()).strip();
      return new ShownContact(one.agency(), address, one.phone(), one.mobile());
    }
  }

  /** Tells whether an agency, {@code 1001/01}, is enabled and the application entitled to it. */
  private static Predicate<String> isShown(
      KeycloakSession session, ClientSessionContext clientSession) {
    return Entitlement.now(session, clientSession)
        .and(
            codes ->
                AgencyCodes.parse(codes)
                    .flatMap(parsed -> Agency.find(session, parsed))
                    .isPresent());
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
