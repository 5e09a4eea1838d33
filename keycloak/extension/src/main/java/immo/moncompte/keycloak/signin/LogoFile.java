package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Logos;
import immo.moncompte.keycloak.account.Logos.Logo;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.KeycloakSession;

/** The logo of an agency or of the brand, at {@code /realms/{realm}/moncompte/logo/{name}}. */
public final class LogoFile {

  private final KeycloakSession session;

  LogoFile(KeycloakSession session) {
    this.session = session;
  }

  /** The file. Its headers keep a browser from running it. */
  @GET
  @Path("{name}")
  public Response file(@PathParam("name") String name) {
    return new Logos(session, session.getContext().getRealm())
        .find(name)
        .map(LogoFile::found)
        .orElseGet(PublicFile::missing);
  }

  private static Response found(Logo logo) {
    return PublicFile.found(logo.content(), logo.type())
        .header("Content-Security-Policy", "default-src 'none'; sandbox")
        .build();
  }
}
