package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.keycloak.events.Event;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What happened to an owner's data at one agency, as Keycloak's events tell it: activations, merges
 * and their undoing, and what the agency itself asked for. Neither addresses nor other agencies'
 * events are shown (spec, rule 10).
 */
final class OwnerEvents {

  private static final int MOST = 100;
  private static final List<String> SHOWN_DETAILS =
      List.of("action", "identifier", "to", "merge_id", "contracts");

  private OwnerEvents() {}

  /** The latest, newest first. */
  static List<Map<String, Object>> of(
      KeycloakSession session, RealmModel realm, OwnerAccount account, Agency agency) {
    EventStoreProvider store = session.getProvider(EventStoreProvider.class);
    Stream<Event> events =
        store
            .createQuery()
            .realm(realm.getId())
            .user(account.id())
            .type(EventType.REGISTER, EventType.UPDATE_PROFILE)
            .orderByDescTime()
            .maxResults(MOST)
            .getResultStream();
    try (events) {
      return events.filter(event -> isOf(agency, event)).map(OwnerEvents::shown).toList();
    }
  }

  private static boolean isOf(Agency agency, Event event) {
    return event.getDetails() != null
        && agency.getCodes().equalsIgnoreCase(event.getDetails().get("agency"));
  }

  private static Map<String, Object> shown(Event event) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("at", Instant.ofEpochMilli(event.getTime()).toString());
    shown.put("type", event.getType().name());
    for (String name : SHOWN_DETAILS) {
      String value = event.getDetails().get(name);
      if (value != null) {
        shown.put(name, value);
      }
    }
    return shown;
  }
}
