package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.Guess;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.common.util.Time;
import org.keycloak.events.Event;
import org.keycloak.events.EventQuery;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Which accounts somebody has guessed at so often that unknown browsers are refused at this moment,
 * from one source or from all. Locks end by themselves and cannot be listed. Each has left an event
 * when it began, and none lasts longer than the realm lets it.
 */
record LockedNow(KeycloakSession session, RealmModel realm) {

  private static final int MAX_EVENTS = 10_000;

  /** Ids of the accounts of the realm that are locked now, of all agencies. */
  static Set<String> now(KeycloakSession session, RealmModel realm) {
    return new LockedNow(session, realm).among(Function.identity());
  }

  static boolean isLocked(KeycloakSession session, RealmModel realm, UserModel user) {
    return !new LockedNow(session, realm).among(begun -> begun.user(user.getId())).isEmpty();
  }

  private Set<String> among(Function<EventQuery, EventQuery> which) {
    long longest = realm.getMaxFailureWaitSeconds() * 1000L;
    EventQuery begun =
        session
            .getProvider(EventStoreProvider.class)
            .createQuery()
            .realm(realm.getId())
            .type(EventType.USER_DISABLED_BY_TEMPORARY_LOCKOUT)
            .fromDate(Time.currentTimeMillis() - longest)
            .orderByDescTime()
            .maxResults(MAX_EVENTS);
    try (Stream<Event> events = which.apply(begun).getResultStream()) {
      return events
          .map(event -> new Begun(event.getUserId(), source(event)))
          .distinct()
          .toList() // the next questions come when this one is answered
          .stream()
          .filter(this::lasts)
          .map(Begun::userId)
          .collect(Collectors.toSet());
    }
  }

  private record Begun(String userId, String source) {}

  private static String source(Event event) {
    return event.getDetails() == null ? null : event.getDetails().get(Guess.SOURCE);
  }

  private boolean lasts(Begun begun) {
    UserModel user = session.users().getUserById(realm, begun.userId());
    return user != null && Guess.isLocked(session, realm, new OwnerAccount(user), begun.source());
  }
}
