package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnerRows.Row;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Counts how far an agency's owners have come, by going through its identifiers page by page: the
 * definition of a step stands in one place, {@link Step}, and what is read at once stays bounded.
 */
final class AgencyStatus {

  private static final int AT_ONCE = 1_000;

  private final Agency agency;
  private final OwnerRows rows;
  private final Set<String> lockedIds;
  private final Instant now = Instant.now();
  private final Map<Step, Integer> steps = new EnumMap<>(Step.class);
  private int letters;
  private int starts;
  private int locked;

  AgencyStatus(KeycloakSession session, RealmModel realm, Agency agency) {
    this.agency = agency;
    this.rows = new OwnerRows(session, realm, agency);
    this.lockedIds = LockedNow.now(session, realm);
  }

  StatusAnswer count() {
    String next = null;
    do {
      List<Row> page = rows.page(next, AT_ONCE + 1, OwnerAccount.OF_PROGRESS);
      page.stream().limit(AT_ONCE).forEach(this::count);
      next = page.size() > AT_ONCE ? page.get(AT_ONCE).key() : null;
    } while (next != null);
    int done = of(Step.ACTIVE) + of(Step.MERGED);
    int loaded = steps.values().stream().mapToInt(Integer::intValue).sum() - of(Step.ENDED);
    Map<String, Integer> words = new LinkedHashMap<>();
    for (Step step : Step.values()) {
      words.put(step.word(), of(step));
    }
    return new StatusAnswer(
        agency.getCodes(),
        agency.getName(),
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

  private void count(Row row) {
    OwnerAccount account = row.account();
    Step step = Step.of(account, row.identifier(), row.isMember(), now);
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
    if (account.startedAt() != null) {
      starts++;
      letters++;
    } else if (account.letterAt() != null) {
      letters++;
    }
  }

  private int of(Step step) {
    return steps.getOrDefault(step, 0);
  }
}
