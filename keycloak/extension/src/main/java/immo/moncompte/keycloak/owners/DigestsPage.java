package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;

/**
 * Digests of a page of an agency's identifiers, see {@link OwnerDigests}.
 *
 * @param digests by identifier, as it is compared: {@code p00012}
 * @param next where the next page begins; null when there is none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DigestsPage(Map<String, String> digests, String next) {}
