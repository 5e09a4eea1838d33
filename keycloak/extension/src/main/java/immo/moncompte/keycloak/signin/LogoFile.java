package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.Logos;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.keycloak.models.KeycloakSession;

/** A logo, of an agency or of the brand, at {@code /realms/{realm}/moncompte/logo/{name}}. */
public final class LogoFile {

  // Another content has another name.
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private final KeycloakSession session;

  LogoFile(KeycloakSession session) {
    this.session = session;
  }

  /** The file, which a browser takes for nothing but the picture it is said to be. */
  @GET
  @Path("{name}")
  public Response file(@PathParam("name") String name) {
    return new Logos(session, session.getContext().getRealm())
        .find(name)
        .map(
            logo ->
                Response.ok(logo.content(), logo.type())
                    .header(HttpHeaders.CACHE_CONTROL, FOR_EVER)
                    .header("Content-Security-Policy", "default-src 'none'; sandbox")
                    .build())
        .orElseGet(
            () ->
                Response.status(Response.Status.NOT_FOUND)
                    .type(MediaType.TEXT_PLAIN_TYPE)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .entity("")
                    .build());
  }
}
