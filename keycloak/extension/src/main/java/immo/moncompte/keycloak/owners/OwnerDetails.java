package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.keycloak.events.Event;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.events.EventType;

/**
 * What an agency may know of the account that holds one of its identifiers: its own contracts,
 * contact details and events, and of a personal account a masked address (specification, rule 10).
 */
final class OwnerDetails {

  private static final int MAX_EVENTS = 100;
  private static final List<String> SHOWN_DETAILS =
      List.of("action", "identifier", "to", "merge_id", "contracts", "person_is_gone");

  private final AgencyRequest request;
  private final AgencyOwner owner;
  private final OwnerAccount account;
  private final Instant now = Instant.now();

  OwnerDetails(AgencyOwner owner) {
    this.request = owner.request();
    this.owner = owner;
    this.account = owner.account();
  }

  /**
   * What an agency sees, as in {@link OwnerList.Entry}; what does not apply is left out.
   *
   * @param frozenAt since when its owner has frozen it
   * @param merges those that brought identifiers of this agency and can be undone for one of them
   * @param events what happened at this agency, newest first
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Answer(
      String identifier,
      String name,
      String state,
      String step,
      boolean enabled,
      String frozenAt,
      boolean locked,
      boolean waitingForMail,
      List<Contract> contracts,
      List<Contact> contacts,
      String suggestedEmail,
      String letterAt,
      String startedAt,
      String expires,
      String activatedAt,
      String maskedEmail,
      Asked release,
      List<Merge> merges,
      List<Map<String, String>> events) {}

  /** A release that was asked for; it is ready when it is due. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Asked(String asked, String due, boolean ready, String refused) {}

  /** A merge, as far as it concerns this agency. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Merge(
      String id,
      String at,
      String undoableUntil,
      List<String> identifiers,
      List<Contract> contracts) {}

  Answer read() {
    return new Answer(
        owner.identifier().written(),
        owner.name(),
        owner.state(),
        Step.of(owner, owner.isMember(), now).word(),
        account.user().isEnabled(),
        text(account.suspension().frozenAt()),
        LockedNow.isLocked(request.session(), request.realm(), account.user()),
        account.links().one(MailLink.Kind.ACTIVATION).isPresent(),
        own(account.contracts()),
        account.contacts().stream().filter(one -> request.isOwn(one.agency())).toList(),
        EmailAddress.shown(account.suggestedEmail()),
        text(account.letter().madeAt()),
        text(account.letter().startedAt()),
        text(account.letter().expires()),
        text(owner.activatedAt()),
        owner.maskedEmail(),
        release(),
        account.merges().stream().flatMap(this::merge).toList(),
        events());
  }

  private List<Contract> own(List<Contract> contracts) {
    return contracts.stream().filter(one -> request.isOwn(one.agency())).toList();
  }

  private Asked release() {
    return ReleaseRequest.of(account, owner.identifier(), now)
        .map(
            one ->
                new Asked(text(one.asked()), text(one.due()), one.isDue(now), text(one.refused())))
        .orElse(null);
  }

  private Stream<Merge> merge(MergeRecord merge) {
    List<String> identifiers =
        merge.contacts().stream()
            .filter(one -> request.isOwn(one.agency()))
            .map(Contact::identifier)
            .toList();
    if (identifiers.isEmpty()) {
      return Stream.of();
    }
    return Stream.of(
        new Merge(
            merge.id(),
            text(Instant.ofEpochSecond(merge.at())),
            text(MergeUndo.undoableUntil(merge, request.realm())),
            identifiers,
            own(merge.contracts())));
  }

  /** Activations, merges, and what the agency itself did; no address, no other agency's event. */
  private List<Map<String, String>> events() {
    Stream<Event> events =
        request
            .session()
            .getProvider(EventStoreProvider.class)
            .createQuery()
            .realm(request.realm().getId())
            .user(account.id())
            .type(EventType.REGISTER, EventType.UPDATE_PROFILE)
            .orderByDescTime()
            .maxResults(MAX_EVENTS)
            .getResultStream();
    try (events) {
      return events.filter(this::isOwn).map(OwnerDetails::event).toList();
    }
  }

  private boolean isOwn(Event event) {
    String agency = event.getDetails() == null ? null : event.getDetails().get("agency");
    return agency != null && request.isOwn(agency);
  }

  private static Map<String, String> event(Event event) {
    Map<String, String> shown = new LinkedHashMap<>(event.getDetails());
    shown.keySet().retainAll(SHOWN_DETAILS);
    shown.put("at", text(Instant.ofEpochMilli(event.getTime())));
    shown.put("type", event.getType().name());
    return shown;
  }

  private static String text(Object value) {
    return Objects.toString(value, null);
  }
}
