package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.MergeRecord;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.events.Event;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.events.EventType;
import org.keycloak.organization.OrganizationProvider;

/**
 * What an agency may know of the account that holds one of its identifiers: its own contracts,
 * contact details and events, and of a personal account a masked address (specification, rule 10).
 */
final class OwnerDetails {

  private static final int MAX_EVENTS = 100;
  private static final List<String> SHOWN_DETAILS =
      List.of("action", "identifier", "to", "merge_id", "contracts", "person_is_gone");

  private final AgencyRequest request;
  private final OwnerAccount account;
  private final Identifier asked;
  private final Instant now = Instant.now();

  OwnerDetails(AgencyRequest request, OwnerAccount account, Identifier asked) {
    this.request = request;
    this.account = account;
    this.asked = asked;
  }

  /**
   * What an agency sees; what does not apply is left out.
   *
   * @param identifier as the agency writes it
   * @param name the name the agency holds
   * @param state provisional or personal
   * @param step how far it has come, see {@link Step}
   * @param frozenAt since when its owner has frozen it
   * @param locked whether wrong guesses have locked it at this moment
   * @param suggestedEmail the agency's own address for a provisional account
   * @param expires until when the letter works
   * @param maskedEmail address of a personal account
   * @param release the release that was asked for
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

  /**
   * A release that was asked for.
   *
   * @param due from when on it can be carried out
   * @param ready whether it can be by now
   * @param refused when the owner refused it
   */
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
    List<Contact> contacts =
        account.contacts().stream().filter(one -> request.isOwn(one.agency())).toList();
    Optional<Contact> contact = contacts.stream().filter(one -> one.isUnder(asked)).findFirst();
    return new Answer(
        contact.map(Contact::identifier).orElse(asked.written()),
        contact.map(Contact::name).orElse(""),
        account.isPersonal() ? "personal" : "provisional",
        Step.of(account, asked.attributeValue(), isMember(), now).word(),
        account.user().isEnabled(),
        text(account.suspension().frozenAt()),
        LockedNow.isLocked(request.session(), request.realm(), account.user()),
        account.links().one(MailLink.Kind.ACTIVATION).isPresent(),
        own(account.contracts()),
        contacts,
        EmailAddress.shown(account.suggestedEmail()),
        text(account.letter().madeAt()),
        text(account.letter().startedAt()),
        text(account.letter().expires()),
        text(account.activatedAt()),
        OwnerList.maskedEmail(account),
        release(),
        account.merges().stream().flatMap(this::merge).toList(),
        events());
  }

  private boolean isMember() {
    return request
        .session()
        .getProvider(OrganizationProvider.class)
        .isMember(request.agency().organization(), account.user());
  }

  private List<Contract> own(List<Contract> contracts) {
    return contracts.stream().filter(one -> request.isOwn(one.agency())).toList();
  }

  private Asked release() {
    return ReleaseRequest.of(account, asked, now).map(this::asked).orElse(null);
  }

  private Asked asked(ReleaseRequest release) {
    return new Asked(
        text(release.asked()), text(release.due()), release.isDue(now), text(release.refused()));
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
    return event.getDetails() != null
        && event.getDetails().get("agency") != null
        && request.isOwn(event.getDetails().get("agency"));
  }

  private static Map<String, String> event(Event event) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put("at", text(Instant.ofEpochMilli(event.getTime())));
    shown.put("type", event.getType().name());
    for (String name : SHOWN_DETAILS) {
      if (event.getDetails().get(name) != null) {
        shown.put(name, event.getDetails().get(name));
      }
    }
    return shown;
  }

  private static String text(Object value) {
    return Objects.toString(value, null);
  }
}
