package immo.moncompte.keycloak.owners;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.keycloak.http.HttpRequest;

/**
 * The paths below an agency and their methods, as the annotations of the resources name them.
 * Keycloak would answer another path or method in its own form, and without the header Allow.
 */
final class AgencyPaths {

  private static final String ABOVE = "^.*?/moncompte/v1/agencies/[^/]*";

  /** Methods by the regular expression of their paths. */
  private static final Map<String, Set<String>> METHODS = new HashMap<>();

  static {
    add("", AgencyResource.class);
    add("/owners/[^/]+", OwnerResource.class);
  }

  private AgencyPaths() {}

  private static void add(String above, Class<?> resource) {
    for (var method : resource.getDeclaredMethods()) {
      Path path = method.getAnnotation(Path.class);
      String below = path == null ? "" : "/" + path.value().replaceAll("\\{\\w+}", "[^/]+");
      Stream.of(method.getAnnotations())
          .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
          .filter(Objects::nonNull)
          .forEach(
              name ->
                  METHODS.computeIfAbsent(above + below, any -> new TreeSet<>()).add(name.value()));
    }
  }

  /** Refuses a path that is not there (404), or a method that the path does not have (405). */
  static void require(HttpRequest request) {
    String path =
        request
            .getUri()
            .getRequestUri()
            .getRawPath()
            .replaceFirst(ABOVE, "")
            .replaceFirst("/$", "");
    Set<String> methods =
        METHODS.entrySet().stream()
            .filter(one -> path.matches(one.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow(Refusals::pathUnknown);
    if (!methods.contains(request.getHttpMethod().replace("HEAD", "GET"))) {
      throw Refusals.methodUnknown(methods);
    }
  }
}
