package immo.moncompte.keycloak.owners;

import java.util.List;

/** What became of each owner of a batch, in its order. */
public record OwnersAnswer(List<Result> results) {

  /**
   * What became of one owner.
   *
   * @param identifier as it was sent
   * @param outcome created, updated, unchanged or refused
   * @param state provisional or personal, null when refused before that was known
   * @param reason why it was refused, else null
   * @param account id of the account if it now has the password that was sent, else null
   */
  public record Result(
      String identifier, String outcome, String state, String reason, String account) {

    static Result refused(String identifier, String reason) {
      return new Result(identifier, "refused", null, reason, null);
    }
  }
}
