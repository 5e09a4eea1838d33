package immo.moncompte.keycloak.provisioning;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.provisioning.OwnersAnswer.Result;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * Loading and looking up an agency's owners: {@code
 * /admin/realms/{realm}/moncompte/agencies/{alias}}. Who comes here may touch the agency: {@link
 * AgenciesAdminResource} has checked it.
 *
 * <p>One batch is one transaction, answered owner by owner; the same batch twice changes nothing.
 */
public final class OwnersAdminResource {

  private static final int MOST_OWNERS = 500;

  private final KeycloakSession session;
  private final RealmModel realm;
  private final AdminPermissionEvaluator permissions;
  private final AdminEventBuilder adminEvent;
  private final Agency agency;

  OwnersAdminResource(
      KeycloakSession session,
      RealmModel realm,
      AdminPermissionEvaluator permissions,
      AdminEventBuilder adminEvent,
      Agency agency) {
    this.session = session;
    this.realm = realm;
    this.permissions = permissions;
    this.adminEvent = adminEvent;
    this.agency = agency;
  }

  /** Loads a batch of at most 500 owners of one agency. */
  @POST
  @Path("owners")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public OwnersAnswer load(OwnersRequest request) {
    if (request == null || request.owners() == null || request.owners().contains(null)) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "owners_missing", "The body needs \"owners\".");
    }
    if (request.owners().size() > MOST_OWNERS) {
      throw Refusals.refusal(
          Response.Status.BAD_REQUEST, "too_many", "At most " + MOST_OWNERS + " owners a batch.");
    }
    List<Result> results = new BatchLoader(session, realm, agency, request).load();
    logBatch(request, results);
    return new OwnersAnswer(results);
  }

  /**
   * One admin event a batch that changed something: which agency and how many, nothing personal.
   */
  private void logBatch(OwnersRequest request, List<Result> results) {
    long changed =
        results.stream()
            .filter(result -> Set.of("created", "updated").contains(result.outcome()))
            .count();
    if (request.dryRun() || changed == 0) {
      return;
    }
    adminEvent
        .operation(OperationType.ACTION)
        .resourcePath("moncompte/agencies/" + agency.getAlias() + "/owners")
        .detail("owners_changed", Long.toString(changed))
        .success();
  }

  /** What is known of one identifier. Of a personal account the address is masked (rule 10). */
  @GET
  @Path("owners/{identifier}")
  @Produces(MediaType.APPLICATION_JSON)
  public Map<String, Object> show(@PathParam("identifier") String typed) {
    Optional<OwnerAccount> account =
        Identifier.parse(agency.getAlias(), typed)
            .flatMap(known -> OwnerAccount.findByIdentifier(session, realm, known));
    if (account.isEmpty()) {
      throw Refusals.ownerUnknown();
    }
    return shown(account.get());
  }

  /** Undoing merges of the agency's identifiers. */
  @Path("merges")
  public MergesAdminResource merges() {
    return new MergesAdminResource(session, realm, permissions, adminEvent, agency);
  }

  private Map<String, Object> shown(OwnerAccount account) {
    List<Contract> contracts =
        account.contracts().stream()
            .filter(contract -> contract.agency().equalsIgnoreCase(agency.getCodes()))
            .toList();
    List<Contact> contacts =
        account.contacts().stream()
            .filter(contact -> contact.agency().equalsIgnoreCase(agency.getCodes()))
            .toList();
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("state", account.isPersonal() ? "personal" : "provisional");
    shown.put("enabled", account.user().isEnabled());
    shown.put("frozen_at", text(account.frozenAt()));
    shown.put("waiting_for_mail", account.pendingActivation() != null);
    shown.put("contracts", contracts);
    shown.put("contacts", contacts);
    shown.put("expires", text(account.provisionalExpires()));
    shown.put("activated_at", text(account.activatedAt()));
    shown.put(
        "masked_email", account.isPersonal() ? Addresses.masked(account.user().getEmail()) : null);
    shown.put("merges", merges(account));
    shown.put("events", OwnerEvents.of(session, realm, account, agency));
    return shown;
  }

  /**
   * The merges that brought identifiers of this agency and have not been undone for all of them.
   */
  private List<Map<String, Object>> merges(OwnerAccount account) {
    List<Map<String, Object>> merges = new ArrayList<>();
    for (MergeRecord merge : account.merges()) {
      List<Contact> contacts =
          merge.contacts().stream()
              .filter(contact -> contact.agency().equalsIgnoreCase(agency.getCodes()))
              .toList();
      List<Contract> contracts =
          merge.contracts().stream()
              .filter(contract -> contract.agency().equalsIgnoreCase(agency.getCodes()))
              .toList();
      if (!contacts.isEmpty()) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", merge.id());
        shown.put("at", Instant.ofEpochSecond(merge.at()).toString());
        shown.put("undoable_until", MergeUndo.undoableUntil(merge, realm).toString());
        shown.put("identifiers", contacts.stream().map(Contact::identifier).toList());
        shown.put("contracts", contracts);
        merges.add(shown);
      }
    }
    return merges;
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
