package immo.moncompte.keycloak.token;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The agencies whose data an application may get: all, or those that the manifest names
 * (specification, rule 10).
 *
 * @param codes of the agencies named, {@code 1001/01} in lower case; empty for all
 */
public record Entitlement(Set<String> codes) {

  private static final String ATTRIBUTE = "moncompte.agencies";

  /**
   * Tells whether an agency's data may be given to the application of the token and, at
   * introspection, to the one that asks.
   */
  static Predicate<String> now(KeycloakSession session, ClientSessionContext clientSession) {
    Entitlement ofTheToken = of(clientSession.getClientSession().getClient());
    ClientModel asking = session.getContext().getClient();
    Entitlement ofTheAsking = asking == null ? ofTheToken : of(asking);
    return agencyCodes -> ofTheToken.covers(agencyCodes) && ofTheAsking.covers(agencyCodes);
  }

  /** What an application is entitled to. */
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

  /** Whether the owner has a contract with one of these agencies, or all are allowed. */
  boolean coversSome(OwnerAccount account) {
    return codes.isEmpty()
        || account.contracts().stream().anyMatch(contract -> covers(contract.agency()));
  }

  /**
   * Ends an application's sessions of an owner who has lost the last contract it is entitled to. A
   * refresh token would still give name and address (specification, rule 10). The owner stays
   * signed in elsewhere.
   */
  public static void endUnentitledSessions(KeycloakSession session, OwnerAccount account) {
    RealmModel realm = session.getContext().getRealm();
    Stream.concat(
            session.sessions().getUserSessionsStream(realm, account.user()),
            session.sessions().getOfflineUserSessionsStream(realm, account.user()))
        .flatMap(one -> one.getAuthenticatedClientSessions().values().stream())
        .filter(one -> !of(one.getClient()).coversSome(account))
        .toList()
        .forEach(AuthenticatedClientSessionModel::detachFromUserSession);
  }

  /** Whether this includes an agency, {@code 1001/01}. */
  boolean covers(String agencyCodes) {
    return codes.isEmpty() || codes.contains(agencyCodes.toLowerCase(Locale.ROOT));
  }
}
