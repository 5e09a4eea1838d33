package immo.moncompte.keycloak.signin;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.activation.MailedActivation;
import immo.moncompte.keycloak.activation.MailedLink;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.MailLimits;
import immo.moncompte.keycloak.core.MailQueue;
import immo.moncompte.keycloak.password.PendingReset;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What follows from « Mot de passe oublié » (S9).
 *
 * <p>Nothing is looked up before the answer has left: it is the same, in words and in time, for
 * accounts that are known, unknown, locked, disabled or never activated (spec, rule 7), and which
 * mail leaves, if any, is decided after it.
 */
public final class ForgottenPassword {

  private final KeycloakSession session;
  private final RealmModel realm;
  private final RealmSettings settings;
  private final Request request;

  private ForgottenPassword(KeycloakSession session, Request request) {
    this.session = session;
    this.realm = session.getContext().getRealm();
    this.settings = new RealmSettings(realm);
    this.request = request;
  }

  /**
   * What was asked for, by whom.
   *
   * @param address the address typed, lower case, or null
   * @param identifier the identifier typed, of the agency it was typed for, or null
   * @param clientId the application the visitor came from
   * @param locale language of the page and so of the mail
   * @param remoteAddress where the request came from, for the event
   * @param resetPage address of the page that the link of a reset opens, as {@link
   *     LinkKey#pageAddress} gives it to this request
   * @param activationPage the same for the link of an activation
   * @param applicationUrl address of the application, or null
   */
  public record Request(
      String address,
      Identifier identifier,
      String clientId,
      String locale,
      String remoteAddress,
      String resetPage,
      String activationPage,
      String applicationUrl) {}

  /** Takes the request; what it leads to is decided after the answer. */
  public static void ask(KeycloakSession session, RealmModel realm, Request request) {
    MailQueue.decideLater(
        session,
        realm.getId(),
        "forgotten-password",
        own -> new ForgottenPassword(own, request).decide());
  }

  private void decide() {
    Optional<OwnerAccount> account = locked(found());
    if (account.isEmpty()) {
      refuse(null, Errors.USER_NOT_FOUND);
      return;
    }
    if (!account.get().user().isEnabled()) {
      refuse(account.get(), Errors.USER_DISABLED);
      return;
    }
    if (!account.get().isPersonal()) {
      activate(account.get());
      return;
    }
    reset(account.get());
  }

  /** By its address, or by an identifier that it has or had, whatever its address. */
  private Optional<OwnerAccount> found() {
    Optional<OwnerAccount> byAddress =
        Optional.ofNullable(request.address())
            .flatMap(address -> OwnerAccount.findPersonal(session, realm, address));
    return byAddress.or(
        () ->
            Optional.ofNullable(request.identifier())
                .flatMap(typed -> OwnerAccount.findByIdentifier(session, realm, typed)));
  }

  private Optional<OwnerAccount> locked(Optional<OwnerAccount> found) {
    return found
        .map(OwnerAccount::id)
        .flatMap(id -> RowLock.lock(session, realm, List.of(id)).get(id));
  }

  /** For an owner who never activated: the account was found by its identifier alone. */
  private void activate(OwnerAccount account) {
    MailedActivation activation = new MailedActivation(session, realm);
    if (!activation.isPossible(account)) {
      refuse(account, "not_activated");
      return;
    }
    Optional<Instant> before =
        MailedLink.of(account)
            .filter(link -> link.holds(account, Instant.now()))
            .map(link -> Instant.ofEpochSecond(link.sentAt()));
    if (!admits(account, account.suggestedEmail(), before)) {
      refuse(account, "mail_throttled");
      return;
    }
    activation.send(
        account,
        new MailedActivation.Asked(
            request.clientId(),
            request.locale(),
            request.activationPage(),
            request.applicationUrl()));
    event(account).detail("action", "activation").success();
  }

  private void reset(OwnerAccount account) {
    String email = account.user().getEmail();
    if (email == null || !account.user().isEmailVerified()) {
      refuse(account, Errors.INVALID_EMAIL);
      return;
    }
    Optional<Instant> before =
        PendingReset.of(account)
            .filter(sent -> !sent.done() && sent.holds(account, Instant.now()))
            .map(sent -> Instant.ofEpochSecond(sent.sentAt()));
    if (!admits(account, email, before)) {
      refuse(account, "mail_throttled");
      return;
    }
    String secret = LinkSecret.generate();
    Instant now = Instant.now();
    new PendingReset(
            LinkSecret.hash(secret),
            now.plus(settings.resetLinkLifetime()).getEpochSecond(),
            now.getEpochSecond(),
            email,
            account.passwordStamp(),
            request.clientId(),
            false)
        .storeOn(account);
    sendLink(account, email, new LinkKey(account.id(), secret).url(request.resetPage()));
    event(account).success();
  }

  /**
   * Whether a new link may leave. The one sent before stays good otherwise; and when there is none
   * that is good, whoever asked how often is no reason to refuse one to the owner (rule 8: nobody
   * is locked out by asking).
   *
   * @param before when the link that is still good was sent
   */
  private boolean admits(OwnerAccount account, String email, Optional<Instant> before) {
    Instant now = Instant.now();
    if (before.filter(sent -> now.isBefore(sent.plus(settings.resendCooldown()))).isPresent()) {
      return false;
    }
    MailLimits limits = MailLimits.forSilentMails(session, realm);
    boolean toRecipient = limits.admitsRecipient(email, account.id());
    boolean ofAgency =
        request.identifier() == null || limits.admitsAgency(request.identifier().agencyAlias());
    return ofAgency && (toRecipient || before.isEmpty());
  }

  private void sendLink(OwnerAccount account, String email, String link) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("link", link);
    attributes.put("linkHours", settings.resetLinkLifetime().toHours());
    MailQueue.toOwner(
        session,
        realm,
        new MailQueue.OwnerMail(
            account.id(),
            email,
            request.locale(),
            "resetPasswordSubject",
            "reset-password.ftl",
            attributes));
  }

  /** For the operator; nothing that was typed and not found (spec, rule 6). */
  private void refuse(OwnerAccount account, String error) {
    event(account).error(error);
  }

  private EventBuilder event(OwnerAccount account) {
    EventBuilder event =
        new EventBuilder(realm, session)
            .event(EventType.SEND_RESET_PASSWORD)
            .client(request.clientId())
            .ipAddress(request.remoteAddress());
    if (request.identifier() != null) {
      String alias = request.identifier().agencyAlias();
      event.detail("agency", AgencyCodes.ofAlias(alias).orElseThrow().toString());
    }
    if (account != null) {
      event.user(account.user());
    }
    return event;
  }
}
