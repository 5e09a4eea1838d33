package immo.moncompte.keycloak.password;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.core.Throttle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Tells the owner of a personal account that wrong passwords have locked it for unknown browsers,
 * and what to do. A stranger may have caused it (specification, rule 8). It also notices what an
 * administrator changes.
 *
 * <p>Keycloak's own listener {@code email} sends one mail for each lock, as many as an attacker
 * likes.
 */
final class AccountListener implements EventListenerProvider {

  /** Locks repeat while somebody guesses. The owner needs one mail. */
  private static final int MAX_MAILS_PER_HOUR = 1;

  private final KeycloakSession session;

  AccountListener(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public void onEvent(Event event) {
    if (event.getType() != EventType.USER_DISABLED_BY_TEMPORARY_LOCKOUT) {
      return;
    }
    RealmModel realm = session.realms().getRealm(event.getRealmId());
    Optional<OwnerAccount> owner =
        Optional.ofNullable(session.users().getUserById(realm, event.getUserId()))
            .map(OwnerAccount::new)
            .filter(AccountListener::canBeTold);
    if (owner.isEmpty()) {
      return;
    }
    // A limit of its own: other mails must not prevent this one, nor this one the reset that the
    // owner asks for next.
    String subject = "mail-lockout:" + owner.get().id();
    if (new Throttle(session, realm).admits(subject, MAX_MAILS_PER_HOUR)) {
      tell(realm, owner.get());
    }
  }

  /** Provisional accounts have no proved address. */
  private static boolean canBeTold(OwnerAccount account) {
    return account.isPersonal() && account.user().isEnabled() && account.user().isEmailVerified();
  }

  private void tell(RealmModel realm, OwnerAccount owner) {
    new OwnerMail(session, "locked", owner)
        .with("ownerName", owner.name())
        .with("minutes", minutes(Duration.ofSeconds(realm.getMaxFailureWaitSeconds())))
        .with("loginUrl", Objects.requireNonNullElse(RealmSettings.entranceUrl(realm), ""))
        .queue(session);
  }

  /** Whole minutes, rounded up, at least one. */
  private static long minutes(Duration duration) {
    return Math.max(1, duration.plusSeconds(59).toMinutes());
  }

  /**
   * Removes the links that an administrator's change of an account makes invalid: a change back
   * makes none of them valid again (specification, rule 3).
   */
  @Override
  public void onEvent(AdminEvent event, boolean includeRepresentation) {
    boolean isChange =
        event.getResourceType() == ResourceType.USER
            && event.getOperationType() == OperationType.UPDATE;
    if (!isChange) {
      return;
    }
    RealmModel realm = session.realms().getRealm(event.getRealmId());
    String id = event.getResourcePath().replaceFirst("users/", "");
    RowLock.lock(session, realm, List.of(id))
        .get(id)
        .ifPresent(new Links(session, realm)::removeInvalid);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
