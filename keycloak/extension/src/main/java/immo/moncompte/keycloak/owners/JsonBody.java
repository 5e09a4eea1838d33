package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The JSON of a request, read strictly: of a limited size and depth, each name once and known, each
 * value of its own type. What a sender got wrong is refused, never guessed at.
 */
final class JsonBody {

  /** Bytes; a batch of 500 owners has some 200,000. */
  private static final int MAX_BYTES = 8 << 20;

  private static final int MAX_DEPTH = 8;
  private static final int MAX_VALUE = 10_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_VALUE)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(new SimpleModule().addDeserializer(boolean.class, new Choice()))
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(
              LogicalType.Textual,
              texts ->
                  texts
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private JsonBody() {}

  /** A choice that is left out is "no"; a null is refused, because nobody knows what it means. */
  private static final class Choice extends StdScalarDeserializer<Boolean> {

    private static final long serialVersionUID = 1L;

    Choice() {
      super(boolean.class);
    }

    @Override
    public Boolean deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return _parseBooleanPrimitive(json, context);
    }

    @Override
    public Boolean getAbsentValue(DeserializationContext context) {
      return false;
    }

    @Override
    public Boolean getNullValue(DeserializationContext context) throws JsonMappingException {
      return context.reportInputMismatch(this, "null");
    }
  }

  /**
   * The body as an object of this type, never null.
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
      T value = MAPPER.readValue(bytes, type);
      if (value == null) {
        throw invalid("The body is null.");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw invalid("The body is not JSON as this resource takes it, at " + where(e) + ".");
    } catch (IOException e) {
      throw invalid("The body could not be read to its end.");
    }
  }

  /** Refuses a list that is missing, has a null in it or is too long. */
  static void requireList(String name, List<?> values, int most) {
    if (values == null || values.stream().anyMatch(Objects::isNull)) {
      throw Refusals.badRequest(name + "_missing", "The body needs \"" + name + "\".");
    }
    if (values.size() > most) {
      throw Refusals.badRequest("too_many", "At most " + most + " " + name + " a call.");
    }
  }

  private static WebApplicationException invalid(String description) {
    return Refusals.badRequest("json_invalid", description);
  }

  /** {@code line 1, column 80 (owners[3].contracts[0].reference)} */
  private static String where(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String where =
        location == null
            ? "an unknown place"
            : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return where;
    }
    String path = mapping.getPath().stream().map(JsonBody::step).collect(Collectors.joining());
    return where + " (" + path.replaceFirst("^\\.", "") + ")";
  }

  private static String step(Reference reference) {
    String name = reference.getFieldName();
    return name == null ? "[" + reference.getIndex() + "]" : "." + name;
  }
}
