package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Agency;
import org.keycloak.models.KeycloakSession;

/** Where an agency's logo is found. */
public final class LogoLink {

  private LogoLink() {}

  /**
   * Its address for applications, as this request's server is known to the world.
   *
   * @param agency possibly null
   * @return null when there is no agency, or it has no logo
   */
  public static String of(KeycloakSession session, Agency agency) {
    String name = agency == null ? null : agency.getLogo();
    return name == null ? null : LinkKey.pageAddress(session, "logo") + "/" + name;
  }
}
