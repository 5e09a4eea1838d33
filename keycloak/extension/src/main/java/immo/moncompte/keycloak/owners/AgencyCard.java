package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Logos;
import immo.moncompte.keycloak.core.LoginLink;
import java.net.URI;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What an agency says of itself in its letters; what is null is not in the answer.
 *
 * @param extranetUrl address of the application {@code extranet} of the realm
 * @param logo a PNG or JPEG file, in base64
 */
@JsonNaming(SnakeCaseStrategy.class)
record AgencyCard(
    String client,
    String societe,
    String name,
    String phone,
    String email,
    String helpUrl,
    String extranetUrl,
    byte[] logo) {

  private static final String EXTRANET = "extranet";

  static AgencyCard of(KeycloakSession session, RealmModel realm, Agency agency) {
    URI extranet = LoginLink.addressOf(session, realm.getClientByClientId(EXTRANET));
    return new AgencyCard(
        agency.codes().client(),
        agency.codes().societe(),
        agency.getName(),
        agency.getPhone(),
        agency.getEmail(),
        agency.getHelpUrl(),
        extranet == null ? null : extranet.toString(),
        logo(session, realm, agency));
  }

  private static byte[] logo(KeycloakSession session, RealmModel realm, Agency agency) {
    return Optional.ofNullable(Logos.nameOf(agency.organization()))
        .flatMap(new Logos(session, realm)::find)
        .map(Logos.Logo::content)
        .orElse(null);
  }
}
