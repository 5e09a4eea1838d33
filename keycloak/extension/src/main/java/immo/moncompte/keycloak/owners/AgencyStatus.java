package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnerRows.Condition;
import immo.moncompte.keycloak.owners.OwnerRows.Row;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts how far an agency's owners have come, page by page. */
final class AgencyStatus {

  private static final int AT_ONCE = 1_000;

  private final AgencyRequest request;
  private final Set<String> lockedIds;
  private final Instant now = Instant.now();
  private final Map<Step, Integer> steps = new EnumMap<>(Step.class);
  private int letters;
  private int starts;
  private int locked;

  AgencyStatus(AgencyRequest request) {
    this.request = request;
    this.lockedIds = LockedNow.now(request.session(), request.realm());
  }

  /**
   * Each number counts identifiers.
   *
   * @param agency codes of the agency, {@code 1001/01}
   * @param loaded those with a contract at the agency
   * @param letter of these, whose letter was made, or who came further
   * @param started of these, who used the letter's credentials, or came further
   * @param steps how many stand on which {@link Step} now; those on {@code ended} are not loaded
   */
  record Answer(
      String agency,
      String name,
      int loaded,
      int letter,
      int started,
      int waiting,
      int active,
      int merged,
      int expired,
      int disabled,
      int locked,
      Map<String, Integer> steps) {}

  Answer count() {
    OwnerRows rows = new OwnerRows(request);
    OwnerRows.Page page = new OwnerRows.Page(List.of(), null);
    do {
      page = rows.page(page.next(), AT_ONCE, Condition.NONE, OwnerAccount.OF_PROGRESS);
      page.rows().forEach(this::count);
    } while (page.next() != null);
    return answer();
  }

  private void count(Row row) {
    OwnerAccount account = row.owner().account();
    Step step = Step.of(row.owner(), row.isMember(), now);
    steps.merge(step, 1, Integer::sum);
    if (step == Step.ENDED) {
      return;
    }
    if (lockedIds.contains(account.id())) {
      locked++;
    }
    if (account.isPersonal()) {
      return; // counted with those who are done
    }
    boolean hasStarted = account.letter().startedAt() != null;
    starts += hasStarted ? 1 : 0;
    letters += hasStarted || account.letter().madeAt() != null ? 1 : 0;
  }

  private Answer answer() {
    int done = of(Step.ACTIVE) + of(Step.MERGED);
    int loaded = steps.values().stream().mapToInt(Integer::intValue).sum() - of(Step.ENDED);
    Map<String, Integer> words = new LinkedHashMap<>();
    for (Step step : Step.values()) {
      words.put(step.word(), of(step));
    }
    return new Answer(
        request.agency().getCodes(),
        request.agency().getName(),
        loaded,
        letters + done,
        starts + done,
        of(Step.WAITING),
        of(Step.ACTIVE),
        of(Step.MERGED),
        of(Step.EXPIRED),
        of(Step.DISABLED),
        locked,
        words);
  }

  private int of(Step step) {
    return steps.getOrDefault(step, 0);
  }
}
