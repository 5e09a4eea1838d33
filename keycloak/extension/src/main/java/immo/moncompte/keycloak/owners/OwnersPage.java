package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * A page of an agency's owners, one entry an identifier, in the order of the identifiers. Nothing
 * is left out of it: what is not there is null, against the default of Keycloak.
 *
 * @param next where the next page begins; null when there is none. A page that looks for something
 *     may hold nothing and still have a next one.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record OwnersPage(List<Entry> owners, String next) {

  /**
   * One identifier.
   *
   * @param identifier as the agency writes it
   * @param state provisional or personal
   * @param step how far it has come, see {@link Step}
   * @param name the name the agency holds
   * @param maskedEmail address of a personal account, as an agency may see it (rule 10); else null
   * @param suggestedEmail the agency's own address for a provisional account; else null
   * @param contracts how many contracts stand under the identifier
   * @param loadedAt when the account was made; null when the identifier came to it by a merge
   * @param letterAt when its letter was made; null when it was not, or has served
   * @param expires until when the letter works; null for a personal account
   * @param activatedAt when the account became personal; null before
   * @param locked whether wrong guesses have locked it at this moment
   * @param enabled whether it can be used at all
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @JsonNaming(SnakeCaseStrategy.class)
  record Entry(
      String identifier,
      String state,
      String step,
      String name,
      String maskedEmail,
      String suggestedEmail,
      int contracts,
      String loadedAt,
      String letterAt,
      String expires,
      String activatedAt,
      boolean locked,
      boolean enabled) {}
}
