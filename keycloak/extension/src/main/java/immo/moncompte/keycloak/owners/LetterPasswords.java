package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Throttle;
import immo.moncompte.keycloak.password.ProvisionalPassword;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Tells an agency which passwords of its letters still work, before it prints them (specification,
 * rule 3).
 *
 * <p>Requests that hold a dead password are limited within an hour, so that nobody guesses this way
 * (specification, rule 8). No account is locked by them.
 */
record LetterPasswords(AgencyRequest request) {

  /** A chosen password costs 50 ms to verify, so that a request takes 5 seconds at most. */
  static final int MAX = 100;

  private static final int MAX_DEAD_REQUESTS = 300;

  /** A password as it would stand in a letter. */
  record Letter(String identifier, String password) {

    Letter {
      Objects.requireNonNull(identifier);
      Objects.requireNonNull(password);
    }
  }

  /** Letters to check. */
  record Check(List<Letter> letters) {}

  /**
   * Whether each letter's password activates the account, in their order.
   *
   * @throws jakarta.ws.rs.WebApplicationException {@code too_many_dead_passwords} (429)
   */
  List<Boolean> check(List<Letter> letters) {
    Throttle throttle = new Throttle(request.session(), request.realm());
    String subject = "letters:" + request.agency().getAlias();
    if (!throttle.admits(subject, MAX_DEAD_REQUESTS)) {
      throw Refusals.refusal(
          Response.Status.TOO_MANY_REQUESTS,
          "too_many_dead_passwords",
          "Too many requests with passwords that no longer work; ask again in an hour.");
    }
    List<Boolean> work = letters.stream().map(this::works).toList();
    if (!work.contains(false)) {
      throttle.refund(subject);
    }
    return work;
  }

  private boolean works(Letter letter) {
    return Identifier.parse(request.agency().getAlias(), letter.identifier())
        .flatMap(request::find)
        .map(AgencyOwner::account)
        .filter(account -> account.canBeActivated(Instant.now()))
        .flatMap(account -> account.credential(OwnerAccount.PROVISIONAL_PASSWORD))
        .filter(
            credential ->
                ProvisionalPassword.matches(request.session(), letter.password(), credential))
        .isPresent();
  }
}
