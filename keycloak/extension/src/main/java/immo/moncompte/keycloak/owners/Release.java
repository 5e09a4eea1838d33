package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.AccountIdentifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.owners.AgencyOwner.Told;
import java.time.Instant;
import java.util.HashMap;
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
  private final AgencyOwner owner;
  private final OwnerAccount account;
  private final Instant now = Instant.now();

  Release(AgencyOwner locked) {
    this.request = locked.request();
    this.owner = locked;
    this.account = locked.account();
  }

  /**
   * What to do. The first choice has to be written out, because it can take contracts away.
   *
   * @param personIsGone release a personal account without asking
   * @param again ask once more although the owner has refused
   */
  record Order(@JsonProperty(required = true) boolean personIsGone, boolean again) {}

  /**
   * What was done; state and number of contracts are as they were before.
   *
   * @param outcome released, asked, waiting or cancelled
   * @param asked when the owner was told; null when released, as is {@code due}
   * @param told what became of the mail that says so; null when there is none to send
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Answer(
      String identifier,
      String outcome,
      String state,
      int contracts,
      String maskedEmail,
      String asked,
      String due,
      Told told) {

    boolean isReleased() {
      return outcome.equals("released");
    }
  }

  /**
   * Releases, or asks the owner first. Refusals: {@code account_frozen}, {@code release_refused},
   * {@code owner_not_told} (409).
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
    return pending.get().isDue(now) ? take(false) : answer("waiting", pending.get(), null);
  }

  /** Withdraws what was asked and not refused. Refusal: {@code nothing_asked} (409). */
  Answer cancel() {
    Refusals.requireNotFrozen(account);
    ReleaseRequest pending =
        pending()
            .filter(asked -> !asked.wasRefused())
            .orElseThrow(
                () ->
                    Refusals.conflict(
                        "nothing_asked", "No release of this identifier was asked for."));
    ReleaseRequest.forget(account, owner.identifier());
    owner.log("release-cancelled");
    return answer("cancelled", pending, null);
  }

  private Answer delete() {
    log(false);
    Answer answer = answer("released", null, null);
    request.session().users().removeUser(request.realm(), account.user());
    return answer;
  }

  private Answer take(boolean personIsGone) {
    log(personIsGone);
    Told told = owner.tell("released", Map.of("contracts", owner.contractsInWords()));
    Answer answer = answer("released", null, told);
    new AccountIdentifier(account, owner.identifier()).remove();
    owner.endWithLastContract();
    return answer;
  }

  private void log(boolean personIsGone) {
    Map<String, String> details = new HashMap<>();
    details.put("contracts", Integer.toString(owner.contracts().size()));
    if (personIsGone) {
      details.put("person_is_gone", "true");
    }
    owner.log("release", details);
  }

  private Answer ask() {
    Instant due = now.plus(RealmSettings.releaseDelay(request.realm()));
    ReleaseRequest.forget(account, owner.identifier());
    LinkKey key =
        new Links(request.session(), request.realm())
            .make(account, ReleaseRequest.asked(request.agency(), owner.identifier(), due));
    Told told =
        owner.tell(
            "release-asked",
            Map.of(
                "contracts",
                owner.contractsInWords(),
                "link",
                key.url(request.session(), ReleasePage.PATH),
                "due",
                new Dates(request.realm(), owner.locale()).weekday(due)));
    if (told != Told.SENT) {
      // The delay is for the owner to refuse, so it does not start unless the owner is told.
      throw Refusals.conflict(
          "owner_not_told",
          "The owner has just been written to, or too often within an hour: no mail may leave now."
              + " Nothing was asked for.");
    }
    owner.log("release-asked");
    return answer("asked", pending().orElseThrow(), told);
  }

  private Optional<ReleaseRequest> pending() {
    return ReleaseRequest.of(account, owner.identifier(), now);
  }

  private Answer answer(String outcome, ReleaseRequest asked, Told told) {
    return new Answer(
        owner.identifier().written(),
        outcome,
        owner.state(),
        owner.contracts().size(),
        owner.maskedEmail(),
        asked == null ? null : asked.asked().toString(),
        asked == null ? null : asked.due().toString(),
        told);
  }
}
