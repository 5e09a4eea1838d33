package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The JSON of a request, read strictly: of a limited size and depth, each name once and known, each
 * value of its own type. What a sender got wrong is refused, never guessed at.
 */
final class JsonBody {

  /** Bytes; a batch of 500 owners has some 200,000. */
  private static final int MAX_BYTES = 8 << 20;

  private static final int DEEPEST = 8;
  private static final int MAX_VALUE = 10_000;
  private static final int MAX_NAME = 100;
  private static final int MAX_NUMBER = 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(MAX_VALUE)
                          .maxNameLength(MAX_NAME)
                          .maxNumberLength(MAX_NUMBER)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(
              LogicalType.Textual,
              texts ->
                  List.of(
                          CoercionInputShape.Integer,
                          CoercionInputShape.Float,
                          CoercionInputShape.Boolean)
                      .forEach(shape -> texts.setCoercion(shape, CoercionAction.Fail)))
          .build();

  private JsonBody() {}

  /**
   * The body as an object of this type; null when it is {@code null}.
   *
   * @throws jakarta.ws.rs.WebApplicationException {@code too_large} (413); {@code json_invalid}
   *     (400), which says where, and nothing of what stands there
   */
  static <T> T read(InputStream body, Class<T> type) {
    try {
      byte[] bytes = body.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw Refusals.refusal(
            Response.Status.REQUEST_ENTITY_TOO_LARGE,
            "too_large",
            "A request may have " + MAX_BYTES + " bytes.");
      }
      return MAPPER.readValue(bytes, type);
    } catch (JsonProcessingException e) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST,
          "json_invalid",
          "The body is not JSON as this resource takes it, at " + where(e) + ".");
    } catch (IOException e) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "json_invalid", "The body could not be read to its end.");
    }
  }

  private static String where(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    StringBuilder where = new StringBuilder();
    if (location != null) {
      where.append("line ").append(location.getLineNr());
      where.append(", column ").append(location.getColumnNr());
    }
    if (e instanceof JsonMappingException) {
      String path = path(((JsonMappingException) e).getPath());
      where.append(path.isEmpty() ? "" : " (" + path + ")");
    }
    return where.length() == 0 ? "an unknown place" : where.toString();
  }

  /** {@code owners[3].contracts[0].reference} */
  private static String path(List<Reference> references) {
    StringBuilder path = new StringBuilder();
    for (Reference reference : references) {
      if (reference.getFieldName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.length() == 0 ? "" : ".").append(reference.getFieldName());
      }
    }
    return path.toString();
  }
}
