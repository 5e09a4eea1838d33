package immo.moncompte.keycloak.owners;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.common.util.Time;
import org.keycloak.events.Event;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.BruteForceProtector;

/**
 * Which accounts are locked at this moment because somebody guessed at them. Locks end by
 * themselves and cannot be listed; each has left an event when it began, and none lasts longer than
 * the realm lets it.
 */
final class LockedNow {

  private static final int MAX_EVENTS = 10_000;

  private LockedNow() {}

  /** Ids of the accounts of the realm that are locked now, of all agencies. */
  static Set<String> now(KeycloakSession session, RealmModel realm) {
    long longest = realm.getMaxFailureWaitSeconds() * 1000L;
    Stream<Event> begun =
        session
            .getProvider(EventStoreProvider.class)
            .createQuery()
            .realm(realm.getId())
            .type(EventType.USER_DISABLED_BY_TEMPORARY_LOCKOUT)
            .fromDate(Time.currentTimeMillis() - longest)
            .orderByDescTime()
            .maxResults(MAX_EVENTS)
            .getResultStream();
    try (begun) {
      return begun
          .map(Event::getUserId)
          .distinct()
          .toList() // the next questions come when this one is answered
          .stream()
          .filter(id -> isLocked(session, realm, session.users().getUserById(realm, id)))
          .collect(Collectors.toSet());
    }
  }

  static boolean isLocked(KeycloakSession session, RealmModel realm, UserModel user) {
    return user != null
        && session
            .getProvider(BruteForceProtector.class)
            .isTemporarilyDisabled(session, realm, user);
  }
}
