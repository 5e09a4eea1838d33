package immo.moncompte.keycloak.core;

import static immo.moncompte.keycloak.core.Message.error;
import static org.keycloak.utils.StringUtil.isBlank;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.AgencyCodes;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/**
 * The codes of an agency as a visitor typed them, or as an address contains them.
 *
 * @param client field « Code client », possibly null
 * @param societe field « Code société », possibly null
 */
public record TypedCodes(String client, String societe) {

  public static TypedCodes in(MultivaluedMap<String, String> form) {
    return new TypedCodes(form.getFirst("client"), form.getFirst("societe"));
  }

  /** The codes; empty when these cannot be codes. */
  public Optional<AgencyCodes> codes() {
    return AgencyCodes.parse(client, societe);
  }

  /** The enabled agency with these codes. */
  public Optional<Agency> agency(KeycloakSession session) {
    return codes().flatMap(codes -> Agency.find(session, codes));
  }

  /**
   * What to say when there is no such agency.
   *
   * @param missingKey key of the message for an empty field
   */
  public Message refusal(String missingKey) {
    if (isBlank(client)) {
      return error("client", missingKey);
    }
    return isBlank(societe) ? error("societe", missingKey) : error("client", "codesUnknown");
  }
}
