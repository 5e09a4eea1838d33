package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.owners.OwnerTables.Held;
import immo.moncompte.keycloak.owners.OwnerTables.NewUser;
import immo.moncompte.keycloak.owners.OwnersAnswer.Result;
import immo.moncompte.keycloak.owners.OwnersRequest.Owner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Loads a batch: refuses what cannot be used, looks at all that is there at once, and answers at
 * once for whom nothing changes. Only those who change are locked, read anew and decided anew; new
 * ones are inserted together.
 */
final class BatchLoader {

  /** Accounts locked and changed before what Keycloak holds of them in memory is let go. */
  private static final int CHUNK = 50;

  private final KeycloakSession session;
  private final RealmModel realm;
  private final OwnersRequest request;
  private final OwnerTables tables;
  private final OwnerLoader loader;
  private final List<Entry> entries = new ArrayList<>();

  BatchLoader(KeycloakSession session, RealmModel realm, Agency agency, OwnersRequest request) {
    this.session = session;
    this.realm = realm;
    this.request = request;
    this.tables = new OwnerTables(session, realm, agency);
    this.loader =
        new OwnerLoader(agency, request, new ProvisionalAccounts(session, realm, agency, tables));
    Set<String> seen = new HashSet<>();
    request.owners().forEach(owner -> entries.add(entry(owner, agency, seen)));
  }

  /** An owner of the batch with its identifier, and what became of it. */
  private static final class Entry {
    private final Owner owner;
    private final Identifier identifier;
    private String accountId;
    private Result result;

    Entry(Owner owner, Identifier identifier, String refusal) {
      this.owner = owner;
      this.identifier = identifier;
      this.result = refusal == null ? null : Result.refused(owner.identifier(), refusal);
    }

    boolean isOpen() {
      return result == null;
    }
  }

  List<Result> load() {
    preview();
    if (request.dryRun()) {
      return results();
    }
    change();
    insert();
    return results();
  }

  private static Entry entry(Owner owner, Agency agency, Set<String> seen) {
    Optional<Identifier> identifier = Identifier.parse(agency.getAlias(), owner.identifier());
    if (identifier.isEmpty()) {
      return new Entry(owner, null, "identifier_invalid");
    }
    if (!seen.add(identifier.get().attributeValue())) {
      return new Entry(owner, null, "duplicate_in_batch");
    }
    return new Entry(owner, identifier.get(), OwnerValidation.refusal(owner));
  }

  /** Decides by what is there now for whom nothing is to be written; in a dry run, for all. */
  private void preview() {
    List<Entry> open = open();
    Map<String, String> holders =
        HeldIdentifiers.ids(session, realm, open.stream().map(e -> e.identifier).toList());
    open.forEach(entry -> entry.accountId = holders.get(entry.identifier.attributeValue()));
    Map<String, Held> held = tables.preview(holders.values().stream().distinct().toList());
    List<Identifier> unheld =
        open.stream().filter(entry -> entry.accountId == null).map(e -> e.identifier).toList();
    Set<String> taken = HeldIdentifiers.takenUsernames(session, realm, unheld);
    for (Entry entry : open) {
      Result seen =
          entry.accountId == null
              ? loader.lookAtNew(entry.owner, taken.contains(entry.identifier.username()))
              : loader.lookAt(held.get(entry.accountId), entry.owner, entry.identifier);
      if (request.dryRun() || Set.of("unchanged", "refused").contains(seen.outcome())) {
        entry.result = seen;
      }
    }
  }

  /**
   * Changes those who are there, in the order of their ids: two batches never wait for each other.
   */
  private void change() {
    List<Entry> changing =
        open().stream()
            .filter(entry -> entry.accountId != null)
            .sorted(Comparator.comparing(entry -> entry.accountId))
            .toList();
    for (int from = 0; from < changing.size(); from += CHUNK) {
      List<Entry> chunk = changing.subList(from, Math.min(from + CHUNK, changing.size()));
      HeldIdentifiers locked =
          HeldIdentifiers.lock(session, realm, chunk.stream().map(e -> e.identifier).toList());
      for (Entry entry : chunk) {
        entry.result =
            locked
                .account(entry.identifier)
                .map(account -> loader.update(account, entry.owner, entry.identifier))
                .orElseGet(() -> gone(entry, locked));
      }
      tables.flushAndClear();
    }
  }

  /** The account has gone since the look: null when the owner can be made anew. */
  private Result gone(Entry entry, HeldIdentifiers locked) {
    Result seen = loader.lookAtNew(entry.owner, locked.isUsernameTaken(entry.identifier));
    return seen.outcome().equals("created") ? null : seen;
  }

  private void insert() {
    List<NewUser> users = new ArrayList<>();
    for (Entry entry : open()) {
      users.add(loader.prepare(entry.owner, entry.identifier));
      entry.result = loader.created(entry.owner);
    }
    tables.insert(users);
  }

  private List<Entry> open() {
    return entries.stream().filter(Entry::isOpen).toList();
  }

  private List<Result> results() {
    return entries.stream().map(entry -> entry.result).toList();
  }
}
