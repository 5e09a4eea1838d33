package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Links in mails that let whoever is told of a change say « Ce n'était pas moi »: the account is
 * frozen then, until the operator opens it again (spec, rule 4).
 */
public final class Disputes {

  /** Path of the page, below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "dispute";

  /** Links of one reason that are good at a time. */
  private static final int MAX_OF_A_REASON = 10;

  private static final Logger LOGGER = Logger.getLogger(Disputes.class);

  private final KeycloakSession session;
  private final RealmModel realm;

  public Disputes(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /** Something that can be disputed, and the account it happened to. */
  public record Disputed(OwnerAccount account, Dispute dispute) {}

  /** A link for a mail; see {@link #open(OwnerAccount, Reason, String)}. */
  public String open(OwnerAccount account, Reason reason) {
    return open(account, reason, null);
  }

  /**
   * A link for a mail that tells of a change. To be called in the transaction that makes the
   * change, with the account locked ({@link RowLock}), and once for each mail: an address learns no
   * other's link.
   *
   * @param account the personal account that the link freezes
   * @param detail what the page says of the change besides, at most 255 characters of what the
   *     reader may know, for instance the agency's name; or null
   * @return the link, which works once, for as long as the operator has set
   */
  public String open(OwnerAccount account, Reason reason, String detail) {
    Instant now = Instant.now();
    String secret = LinkSecret.generate();
    Instant expires = now.plus(new RealmSettings(realm).disputeLinkLifetime());
    Dispute dispute =
        new Dispute(
            LinkSecret.hash(secret),
            reason,
            now.getEpochSecond(),
            expires.getEpochSecond(),
            detail);
    List<Dispute> open = new ArrayList<>(openOn(account, now));
    List<Dispute> alike = open.stream().filter(one -> one.reason() == reason).toList();
    if (alike.size() >= MAX_OF_A_REASON) {
      // The last before, never the first: whoever took the account over cannot make so many
      // changes that the owner's first mail is worth nothing.
      open.remove(alike.get(alike.size() - 1));
    }
    open.add(dispute);
    account.setDisputes(open.stream().map(Json::write).toList());
    return new LinkKey(account.id(), secret).url(session, PATH);
  }

  /** What a link is about, as long as it works. */
  public Optional<Disputed> find(LinkKey key) {
    return OwnerAccount.findPresent(session, realm, key.userId())
        .flatMap(account -> find(account, key));
  }

  private static Optional<Disputed> find(OwnerAccount account, LinkKey key) {
    if (!account.user().isEnabled()) {
      return Optional.empty();
    }
    return openOn(account, Instant.now()).stream()
        .filter(dispute -> LinkSecret.matches(key.secret(), dispute.linkHash()))
        .map(dispute -> new Disputed(account, dispute))
        .findFirst();
  }

  private static List<Dispute> openOn(OwnerAccount account, Instant now) {
    return account.disputes().stream()
        .map(json -> Json.read(json, Dispute.class))
        .filter(dispute -> !dispute.isExpired(now))
        .toList();
  }

  /**
   * Freezes the account that a link is about: one transaction that disables it and ends what waits
   * on it, tokens included; then its sessions, of which none is good any more.
   *
   * @return what was disputed; empty when the link does not work, or no longer
   */
  public Optional<Disputed> freeze(LinkKey key) {
    // The account that the link names may have been merged into another.
    Optional<String> id = find(key).map(found -> found.account().id());
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<Dispute> disputed =
        RowLock.inLockedTransaction(
            session,
            List.of(id.get()),
            own -> new Disputes(own.session(), own.realm()).freezeLocked(own.get(id.get()), key));
    if (disputed.isEmpty()) {
      return Optional.empty();
    }
    LOGGER.warnf(
        "An owner disputes what was told (%s): account %s of realm %s is frozen until you enable it",
        disputed.get().reason(), id.get(), realm.getName());
    freezes(disputed.get().reason()).increment();
    UserModel user = session.users().getUserById(realm, id.get());
    Sessions.endOthers(session, realm, user, null);
    return Optional.of(new Disputed(OwnerAccount.of(user), disputed.get()));
  }

  private static Counter freezes(Reason reason) {
    return Metrics.counter("moncompte_freezes", "reason", reason.name());
  }

  /** Shows the metric from the start on, at zero: of what is not there nobody sees it grow. */
  public static void showMetrics() {
    Stream.of(Reason.values()).forEach(Disputes::freezes);
  }

  private Optional<Dispute> freezeLocked(Optional<OwnerAccount> locked, LinkKey key) {
    Optional<Disputed> found = locked.flatMap(account -> find(account, key));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    OwnerAccount account = found.get().account();
    Instant now = Instant.now();
    account.freeze(now);
    session
        .users()
        .setNotBeforeForUser(realm, account.user(), Math.toIntExact(now.getEpochSecond()));
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.UPDATE_PROFILE)
        .user(account.user())
        .detail("action", "freeze")
        .detail("reason", found.get().dispute().reason().name())
        .success();
    new DisputeMails(session, realm).tellOwner(account);
    return Optional.of(found.get().dispute());
  }
}
