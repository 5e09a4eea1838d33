package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.ReleaseRequest;
import immo.moncompte.keycloak.core.Dates;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.owners.OwnersRequest.LoadedPassword;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An identifier goes back to a provisional account for the same owner, who has lost the mailbox.
 *
 * <p>In two steps, because whoever asks the agency may be somebody else: the first is kept on the
 * account and tells its address at once, with a link that says no; the second, once the realm's
 * delay has passed, carries it out. It is the agency that takes it, with the same command: nothing
 * happens behind its back, and the new password is made when a letter is about to be.
 */
final class SameOwnerRelease {

  private final AgencyRequest request;
  private final Identifier asked;
  private final Instant now = Instant.now();

  SameOwnerRelease(AgencyRequest request, Identifier asked) {
    this.request = request;
    this.asked = asked;
  }

  /**
   * Asks, or carries out what was asked and is due.
   *
   * @param password the new provisional password, one that {@link OwnerValidation} accepts; null as
   *     long as the answer has not been {@code due}
   * @param again ask once more although the reader of the mailbox has said no
   */
  Map<String, Object> release(LoadedPassword password, boolean again) {
    OwnerAccount account = lockPersonal();
    Refusals.requireNotFrozen(account);
    if (account.contracts().stream().noneMatch(one -> one.isUnder(asked))) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "no_contract",
          "No contract stands under this identifier any more: release it and load it afresh.");
    }
    Optional<ReleaseRequest> kept = kept(account);
    if (kept.isEmpty() || (kept.get().wasRefused() && again)) {
      return answer(account, "asked", ask(account));
    }
    ReleaseRequest open = kept.get();
    if (open.wasRefused()) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "release_refused",
          "Whoever reads the address of the account has said no on "
              + Instant.ofEpochSecond(open.refusedAt())
              + ".");
    }
    if (!open.isDue(now)) {
      return answer(account, "waiting", open);
    }
    return password == null ? answer(account, "due", open) : carryOut(account, open, password);
  }

  /** Takes back what was asked for. */
  Map<String, Object> cancel() {
    OwnerAccount account = lockPersonal();
    Optional<ReleaseRequest> kept = kept(account);
    if (kept.isEmpty()) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "nothing_asked",
          "No release of this identifier was asked for.");
    }
    account.setReleases(others(account));
    request.log(account, "release-cancelled", request.written(account, asked), Map.of());
    return answer(account, "cancelled", kept.get());
  }

  private OwnerAccount lockPersonal() {
    OwnerAccount account = request.lock(asked);
    if (!account.isPersonal()) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "not_activated",
          "The account is provisional already: another letter is all it needs (reissue).");
    }
    return account;
  }

  private Optional<ReleaseRequest> kept(OwnerAccount account) {
    return account.releases().stream()
        .filter(one -> one.isAbout(asked) && !one.isForgotten(now))
        .findFirst();
  }

  private List<ReleaseRequest> others(OwnerAccount account) {
    return account.releases().stream()
        .filter(one -> !one.isAbout(asked) && !one.isForgotten(now))
        .toList();
  }

  private ReleaseRequest ask(OwnerAccount account) {
    Identifier identifier = request.written(account, asked);
    String secret = LinkSecret.generate();
    Instant due = now.plus(new RealmSettings(request.realm()).releaseDelay());
    ReleaseRequest open =
        new ReleaseRequest(
            request.agency().getCodes(),
            identifier.written(),
            now.getEpochSecond(),
            due.getEpochSecond(),
            LinkSecret.hash(secret),
            0);
    List<ReleaseRequest> all = new ArrayList<>(others(account));
    all.add(open);
    account.setReleases(all);
    request.log(account, "release-asked", identifier, Map.of());
    String link = new LinkKey(account.id(), secret).url(request.session(), ReleasePage.PATH);
    request.tell(
        account,
        identifier,
        "releaseAskedSubject",
        "release-asked.ftl",
        Map.of(
            "contracts",
            inWords(account, identifier),
            "link",
            link,
            "due",
            new Dates(request.realm(), request.localeOf(account)).weekday(due)));
    return open;
  }

  private Map<String, Object> carryOut(
      OwnerAccount account, ReleaseRequest open, LoadedPassword password) {
    if (request.session().users().getUserByUsername(request.realm(), asked.username()) != null) {
      throw Refusals.refusal(
          Response.Status.CONFLICT,
          "identifier_taken",
          "Another user has the name that the provisional account would get.");
    }
    RemovedIdentifier departure = RemovedIdentifier.take(request, account, asked);
    OwnerAccount provisional =
        new ProvisionalAccounts(request.session(), request.realm(), request.agency())
            .create(departure.identifier(), departure.contact(), departure.contracts(), password);
    Map<String, String> details =
        Map.of("contracts", Integer.toString(departure.contracts().size()));
    request.log(account, "release-same-owner", departure.identifier(), details);
    // Once more where `moncompte owners show` of the identifier looks from now on.
    request.log(provisional, "release-same-owner", departure.identifier(), details);
    request.tell(
        account,
        departure.identifier(),
        "releasedSubject",
        "released.ftl",
        Map.of(
            "contracts",
            departure.contracts().stream().map(Contract::inWords).toList(),
            "sameOwner",
            true));
    Map<String, Object> done = answer(account, "released", open);
    done.put("expires", provisional.provisionalExpires().toString());
    return done;
  }

  private List<Map<String, String>> inWords(OwnerAccount account, Identifier identifier) {
    return account.contracts().stream()
        .filter(one -> one.isUnder(identifier))
        .map(Contract::inWords)
        .toList();
  }

  private Map<String, Object> answer(OwnerAccount account, String outcome, ReleaseRequest open) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("outcome", outcome);
    answer.put("identifier", open.identifier());
    answer.put("asked", Instant.ofEpochSecond(open.askedAt()).toString());
    answer.put("due", Instant.ofEpochSecond(open.dueAt()).toString());
    answer.put("masked_email", OwnerList.maskedEmail(account));
    return answer;
  }
}
