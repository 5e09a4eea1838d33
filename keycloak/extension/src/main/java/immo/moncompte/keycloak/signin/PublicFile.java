package immo.moncompte.keycloak.signin;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Responses for the files that pages load. A changed file has another name. */
final class PublicFile {

  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private PublicFile() {}

  static Response.ResponseBuilder found(Object content, String type) {
    return Response.ok(content, type).header(HttpHeaders.CACHE_CONTROL, FOR_EVER);
  }

  static Response missing() {
    return Response.status(Response.Status.NOT_FOUND)
        .type(MediaType.TEXT_PLAIN_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity("")
        .build();
  }
}
