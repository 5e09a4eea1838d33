package immo.moncompte.keycloak.provisioning;

import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.provisioning.OwnersAnswer.Result;
import immo.moncompte.keycloak.provisioning.OwnersRequest.Owner;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Loads a batch: refuses what cannot be used, locks what exists, then loads owner by owner. */
final class BatchLoader {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final Agency agency;
  private final OwnersRequest request;

  BatchLoader(KeycloakSession session, RealmModel realm, Agency agency, OwnersRequest request) {
    this.session = session;
    this.realm = realm;
    this.agency = agency;
    this.request = request;
  }

  /** An owner of the batch with its identifier, or with the reason to refuse it. */
  private record Entry(Owner owner, Identifier identifier, String refusal) {}

  List<Result> load() {
    Set<String> seen = new HashSet<>();
    List<Entry> entries = request.owners().stream().map(owner -> entry(owner, seen)).toList();
    List<Identifier> usable =
        entries.stream().filter(entry -> entry.refusal() == null).map(Entry::identifier).toList();
    HeldIdentifiers held =
        request.dryRun()
            ? HeldIdentifiers.read(session, realm, usable)
            : HeldIdentifiers.lock(session, realm, usable);
    OwnerLoader loader = new OwnerLoader(session, realm, agency, request, held);
    return entries.stream().map(entry -> load(loader, entry)).toList();
  }

  private Entry entry(Owner owner, Set<String> seen) {
    Optional<Identifier> identifier = Identifier.parse(agency.getAlias(), owner.identifier());
    if (identifier.isEmpty()) {
      return new Entry(owner, null, "identifier_invalid");
    }
    if (!seen.add(identifier.get().attributeValue())) {
      return new Entry(owner, null, "duplicate_in_batch");
    }
    return new Entry(owner, identifier.get(), OwnerCheck.refusal(owner));
  }

  private static Result load(OwnerLoader loader, Entry entry) {
    return entry.refusal() == null
        ? loader.load(entry.owner(), entry.identifier())
        : Result.refused(entry.owner().identifier(), entry.refusal());
  }
}
