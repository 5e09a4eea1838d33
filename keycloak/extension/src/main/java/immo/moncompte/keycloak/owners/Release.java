package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.AccountIdentifier;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.Links;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Releases an identifier: it leaves the account that holds it, with its contracts and contact
 * details. The agency's next file loads it afresh (specification, rules 9 and 10).
 *
 * <p>A provisional account is deleted at once. The owner of a personal account is told first, and
 * has the realm's delay to refuse: whoever asks the agency may be somebody else. After the delay
 * the same call releases. An agency that knows that the person is gone need not wait; the event
 * keeps that it said so.
 */
final class Release {

  private final AgencyRequest request;
  private final OwnerAccount account;
  private final Identifier identifier;
  private final Instant now = Instant.now();

  /** To be used within a transaction, until whose end the account stays locked. */
  Release(AgencyRequest request, Identifier asked) {
    this.request = request;
    this.account = request.lock(asked);
    this.identifier = request.written(account, asked);
  }

  /**
   * What to do. The first choice has to be written out, because it can take contracts away.
   *
   * @param personIsGone release a personal account without asking
   * @param again ask once more although the owner has refused
   */
  record Order(@JsonProperty(required = true) boolean personIsGone, boolean again) {}

  /**
   * What was done.
   *
   * @param outcome released, asked, waiting or cancelled
   * @param state provisional or personal, as it was before
   * @param contracts how many contracts stand under the identifier, or stood
   * @param maskedEmail address of a personal account, as an agency may see it (rule 10)
   * @param asked when the owner was told; null when released
   * @param due from when on it can be released; null when released
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Answer(
      String identifier,
      String outcome,
      String state,
      int contracts,
      String maskedEmail,
      String asked,
      String due) {

    boolean isReleased() {
      return outcome.equals("released");
    }
  }

  /**
   * Releases, or asks the owner first. Refusals: {@code account_frozen}, {@code release_refused}
   * (409).
   */
  Answer release(Order order) {
    Refusals.requireNotFrozen(account);
    if (!account.isPersonal()) {
      return delete();
    }
    Optional<ReleaseRequest> pending = pending();
    if (pending.isPresent() && pending.get().wasRefused()) {
      if (!order.again()) {
        throw Refusals.conflict(
            "release_refused",
            "The reader of the account's mailbox refused at " + pending.get().refused() + ".");
      }
      return ask();
    }
    if (order.personIsGone()) {
      return take(true);
    }
    if (pending.isEmpty()) {
      return ask();
    }
    return pending.get().isDue(now) ? take(false) : answer("waiting", pending.get());
  }

  /** Withdraws what was asked and not refused. Refusal: {@code nothing_asked} (409). */
  Answer cancel() {
    ReleaseRequest pending =
        pending()
            .filter(asked -> !asked.wasRefused())
            .orElseThrow(
                () ->
                    Refusals.conflict(
                        "nothing_asked", "No release of this identifier was asked for."));
    ReleaseRequest.forget(account, identifier);
    request.log(account, "release-cancelled", identifier, Map.of());
    return answer("cancelled", pending);
  }

  private Answer delete() {
    Answer answer = released(false);
    request.session().users().removeUser(request.realm(), account.user());
    return answer;
  }

  private Answer take(boolean personIsGone) {
    Answer answer = released(personIsGone);
    Map<String, Object> mail = Map.of("contracts", contractsInWords());
    new AccountIdentifier(account, identifier).remove();
    request.endMembershipWithLastContract(account);
    request.tell(account, identifier, "released", mail);
    return answer;
  }

  /** The event and the answer, before anything leaves. */
  private Answer released(boolean personIsGone) {
    Map<String, String> details = new HashMap<>();
    details.put("contracts", Integer.toString(contracts().size()));
    if (personIsGone) {
      details.put("person_is_gone", "true");
    }
    request.log(account, "release", identifier, details);
    return answer("released", null);
  }

  private Answer ask() {
    Instant due = now.plus(RealmSettings.releaseDelay(request.realm()));
    ReleaseRequest.forget(account, identifier);
    LinkKey key =
        new Links(request.session(), request.realm())
            .make(account, ReleaseRequest.asked(request.agency(), identifier, due));
    request.log(account, "release-asked", identifier, Map.of());
    request.tell(
        account,
        identifier,
        "release-asked",
        Map.of(
            "contracts",
            contractsInWords(),
            "link",
            key.url(request.session(), ReleasePage.PATH),
            "due",
            new Dates(request.realm(), request.localeOf(account)).weekday(due)));
    return answer("asked", pending().orElseThrow());
  }

  private Optional<ReleaseRequest> pending() {
    return ReleaseRequest.of(account, identifier, now);
  }

  private List<Contract> contracts() {
    return request.contracts(account, identifier);
  }

  private List<Map<String, String>> contractsInWords() {
    return contracts().stream().map(Contract::inWords).toList();
  }

  private Answer answer(String outcome, ReleaseRequest asked) {
    return new Answer(
        identifier.written(),
        outcome,
        account.isPersonal() ? "personal" : "provisional",
        contracts().size(),
        OwnerList.maskedEmail(account),
        asked == null ? null : asked.asked().toString(),
        asked == null ? null : asked.due().toString());
  }
}
