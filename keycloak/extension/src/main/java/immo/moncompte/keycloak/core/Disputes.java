package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.Links.Found;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Links in mails by which a reader can say « Ce n'était pas moi » of a change. The account is then
 * frozen until the operator enables it (specification, rule 4).
 */
public record Disputes(KeycloakSession session, RealmModel realm) {

  /** Path of the page, below {@code /realms/{realm}/moncompte}. */
  public static final String PATH = "dispute";

  /** Name of what the page says besides, in the data of the link. */
  public static final String DETAIL = "detail";

  private static final String REASON = "reason";

  /** Links of one reason that are valid at a time. */
  private static final int MAX_OF_A_REASON = 10;

  private static final Logger LOGGER = Logger.getLogger(Disputes.class);

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
    account.links().set(withRoomFor(reason, account.links().all()));
    Map<String, String> data = new HashMap<>();
    data.put(REASON, reason.name());
    data.put(DETAIL, detail);
    MailLink asked = MailLink.asked(MailLink.Kind.DISPUTE, null, null, data);
    return new Links(session, realm).make(account, asked).url(session, PATH);
  }

  /**
   * The links of an account without the dispute links that have expired. When there are too many of
   * a reason, the last one goes and never the first: so a stranger in the account cannot make the
   * owner's first mail worthless by many changes.
   */
  private static List<MailLink> withRoomFor(Reason reason, List<MailLink> links) {
    Instant now = Instant.now();
    List<MailLink> kept =
        new ArrayList<>(
            links.stream()
                .filter(link -> link.kind() != MailLink.Kind.DISPUTE || !link.isExpired(now))
                .toList());
    List<MailLink> alike =
        kept.stream()
            .filter(link -> link.kind() == MailLink.Kind.DISPUTE && reason == reasonOf(link))
            .toList();
    if (alike.size() >= MAX_OF_A_REASON) {
      kept.remove(alike.get(alike.size() - 1));
    }
    return kept;
  }

  /** What was told in the mail of a dispute link. */
  public static Reason reasonOf(MailLink link) {
    return Reason.valueOf(link.get(REASON));
  }

  /**
   * Freezes the account that a link is about. One transaction disables it and ends its links and
   * tokens; its sessions end after that.
   *
   * @param found the link, as it was found before
   * @return whether it was done; false when the link is not valid any more
   */
  public boolean freeze(LinkKey key, Found found) {
    Optional<Reason> reason =
        new Links(session, realm)
            .use(
                MailLink.Kind.DISPUTE,
                key,
                List.of(),
                (own, locked) -> new Disputes(own.session(), own.realm()).freezeLocked(locked));
    if (reason.isEmpty()) {
      return false;
    }
    String id = found.account().id();
    LOGGER.warnf(
        "An owner disputes what was told (%s): account %s of realm %s is frozen until you enable"
            + " it",
        reason.get(), id, realm.getName());
    freezes(reason.get()).increment();
    UserModel user = session.users().getUserById(realm, id);
    Sessions.endOthers(session, realm, user, null);
    return true;
  }

  private static Counter freezes(Reason reason) {
    return Metrics.counter("moncompte_freezes", "reason", reason.name());
  }

  /** Registers the counters at zero, so that alerts see the first increase. */
  public static void showMetrics() {
    Stream.of(Reason.values()).forEach(Disputes::freezes);
  }

  private Optional<Reason> freezeLocked(Found found) {
    OwnerAccount account = found.account();
    Reason reason = reasonOf(found.link());
    Instant now = Instant.now();
    account.suspension().freeze(now);
    session
        .users()
        .setNotBeforeForUser(realm, account.user(), Math.toIntExact(now.getEpochSecond()));
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.UPDATE_PROFILE)
        .user(account.user())
        .detail("action", "freeze")
        .detail("reason", reason.name())
        .success();
    // An administrator may have taken the address away.
    if (account.user().getEmail() != null) {
      new OwnerMail(session, "frozen", account).with("ownerName", account.name()).queue(session);
    }
    return Optional.of(reason);
  }
}
