package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Logos;
import java.net.URI;
import org.keycloak.models.KeycloakSession;

/** Where an agency's logo is found. */
public final class LogoLink {

  private LogoLink() {}

  /**
   * Its path, for pages of this server: they load it from where they come from themselves.
   *
   * @param agency possibly null
   * @return null when there is no agency, or it has no logo
   */
  public static String pathOf(KeycloakSession session, Agency agency) {
    String address = of(session, agency);
    return address == null ? null : URI.create(address).getRawPath();
  }

  /**
   * Its address for applications, as this request's server is known to the world.
   *
   * @param agency possibly null
   * @return null when there is no agency, or it has no logo
   */
  public static String of(KeycloakSession session, Agency agency) {
    String name = agency == null ? null : Logos.nameOf(agency.organization());
    return name == null ? null : LinkKey.pageAddress(session, "logo") + "/" + name;
  }
}
