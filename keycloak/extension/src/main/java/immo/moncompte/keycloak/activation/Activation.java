package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.MailLimits;
import immo.moncompte.keycloak.core.Source;
import immo.moncompte.keycloak.core.Throttle;
import immo.moncompte.keycloak.password.Passwords;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** What turns a provisional account into a personal one: asked at S4, confirmed by the link. */
public final class Activation {

  /**
   * Page below {@code /realms/{realm}/moncompte} that the same key opens when the address is a
   * personal account's: there the activation becomes a merge.
   */
  public static final String MERGE_PATH = "merge";

  private final KeycloakSession session;
  private final RealmModel realm;
  private final RealmSettings settings;

  public Activation(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
    this.settings = new RealmSettings(realm);
  }

  /** What came of asking for the mail. */
  public enum Sending {
    SENT,
    COOLING_DOWN,
    TOO_MANY,
    /** The account has been activated, merged or changed by its agency meanwhile. */
    ENDED
  }

  /** What came of using the link. */
  public enum Outcome {
    ACTIVATED,
    ADDRESS_TAKEN,
    ENDED
  }

  /**
   * Keeps the chosen address and password until the link is used, and asks for the mail.
   *
   * @param browserSecret the secret that the visitor's browser gets in a cookie
   */
  public Sending begin(
      ProvisionalProof proof,
      OwnerAccount account,
      String email,
      String password,
      String browserSecret,
      String clientId,
      String tabId) {
    CredentialModel chosen = Passwords.hash(session, realm, password);
    chosen.setType(OwnerAccount.PENDING_PASSWORD);
    chosen.setUserLabel(null);
    PendingActivation asked =
        new PendingActivation(
            email,
            "",
            LinkSecret.hash(browserSecret),
            0,
            0,
            settings.termsVersion(),
            Instant.now().getEpochSecond(),
            clientId,
            tabId,
            session.getContext().resolveLocale(account.user()).toLanguageTag());
    return locked(proof, (own, fresh) -> own.replacePending(proof, fresh, asked, chosen));
  }

  /** A link that was sent to the same address stays good, and so does the cool-down. */
  private Sending replacePending(
      ProvisionalProof proof,
      OwnerAccount account,
      PendingActivation asked,
      CredentialModel chosen) {
    PendingActivation pending =
        PendingActivation.of(account)
            .filter(before -> before.email().equals(asked.email()))
            .map(asked::withLinkOf)
            .orElse(asked);
    account.replaceCredential(chosen);
    pending.storeOn(account);
    return send(agencyOf(proof), proof.writtenIdentifier(), account, pending);
  }

  /**
   * Asks for the mail again: a new link, or the one sent stays good within the cool-down.
   *
   * @param browserSecret a new secret for the visitor's browser, whose cookie is to live as long as
   *     the new link; of use when the mail was sent
   */
  public Sending resend(ProvisionalProof proof, PendingActivation pending, String browserSecret) {
    String newHash = LinkSecret.hash(browserSecret);
    return locked(
        proof,
        (own, fresh) ->
            PendingActivation.of(fresh)
                .filter(found -> found.browserHash().equals(pending.browserHash()))
                .map(
                    found ->
                        own.send(
                            own.agencyOf(proof),
                            proof.writtenIdentifier(),
                            fresh,
                            found.withBrowser(newHash)))
                .orElse(Sending.ENDED));
  }

  /**
   * Asks for the mail again in the owner's place, in the caller's transaction, which has locked the
   * account; the browser that began stays the one that needs no password.
   *
   * @param writtenIdentifier the identifier, as the agency writes it
   */
  public Sending resendFor(
      Agency agency, String writtenIdentifier, OwnerAccount account, PendingActivation pending) {
    return send(agency, writtenIdentifier, account, pending);
  }

  private Agency agencyOf(ProvisionalProof proof) {
    return Agency.findByAlias(session, proof.agencyAlias()).orElseThrow();
  }

  /** Ends what waits, so that the activation begins again with the provisional credentials. */
  public void restart(ProvisionalProof proof) {
    locked(
        proof,
        (own, fresh) -> {
          fresh.endPendingActivation();
          return Sending.ENDED;
        });
  }

  /**
   * Changes what waits on the account, in a transaction of its own that locks it: a merge or the
   * link may be ending it at this moment.
   */
  private Sending locked(
      ProvisionalProof proof, BiFunction<Activation, OwnerAccount, Sending> change) {
    return RowLock.inLockedTransaction(
        session,
        List.of(proof.userId()),
        own ->
            own.get(proof.userId())
                .filter(account -> proof.holds(own.session(), account))
                .map(account -> change.apply(new Activation(own.session(), own.realm()), account))
                .orElse(Sending.ENDED));
  }

  /** How long until the mail may be asked for again. */
  public Duration cooldown(PendingActivation pending) {
    Instant next = Instant.ofEpochSecond(pending.sentAt()).plus(settings.resendCooldown());
    Duration left = Duration.between(Instant.now(), next);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Sending send(
      Agency agency, String writtenIdentifier, OwnerAccount account, PendingActivation pending) {
    if (!cooldown(pending).isZero()) {
      return Sending.COOLING_DOWN;
    }
    if (!mailAdmitted(agency, account, pending)) {
      return Sending.TOO_MANY;
    }
    String secret = LinkSecret.generate();
    Instant now = Instant.now();
    PendingActivation sent =
        pending.withLink(
            LinkSecret.hash(secret), now.plus(settings.verificationLinkLifetime()), now);
    sent.storeOn(account);
    new ActivationMails(session, realm)
        .sendLink(
            new WaitingActivation(account, sent, agency, writtenIdentifier),
            new LinkKey(account.id(), secret));
    return Sending.SENT;
  }

  private boolean mailAdmitted(Agency agency, OwnerAccount account, PendingActivation pending) {
    MailLimits limits = new MailLimits(session, realm);
    String source = Source.of(session.getContext().getConnection());
    boolean fromSource = limits.admitSource(source) == Throttle.Admission.PASSES;
    boolean toRecipient = limits.admitsRecipient(pending.email(), account.id());
    return fromSource && toRecipient && limits.admitsAgency(agency.getAlias());
  }

  /** The account and what waits on it, when the key is good: right, not expired, not replaced. */
  public Optional<WaitingActivation> find(LinkKey key) {
    UserModel user = session.users().getUserById(realm, key.userId());
    return Optional.ofNullable(user)
        .map(OwnerAccount::of)
        .flatMap(account -> waiting(account, key));
  }

  private Optional<WaitingActivation> waiting(OwnerAccount account, LinkKey key) {
    Instant now = Instant.now();
    Optional<PendingActivation> pending =
        PendingActivation.of(account)
            .filter(waiting -> LinkSecret.matches(key.secret(), waiting.linkHash()))
            .filter(waiting -> !waiting.isLinkExpired(now));
    boolean usable =
        pending.isPresent()
            && !account.isPersonal()
            && account.user().isEnabled()
            && !account.isExpired(now)
            && account.credential(OwnerAccount.PROVISIONAL_PASSWORD).isPresent();
    if (!usable) {
      return Optional.empty();
    }
    return account.contacts().stream()
        .findFirst()
        .flatMap(contact -> WaitingActivation.of(session, account, pending.get(), contact));
  }

  /**
   * Uses the link: one transaction that swaps address, username and password and ends the
   * provisional credentials. Of concurrent activations of one address the first wins.
   */
  public Outcome confirm(LinkKey key) {
    try {
      return RowLock.inLockedTransaction(
          session,
          List.of(key.userId()),
          own -> new Activation(own.session(), own.realm()).confirmLocked(own, key));
    } catch (ModelDuplicateException e) {
      return Outcome.ADDRESS_TAKEN;
    }
  }

  private Outcome confirmLocked(RowLock locked, LinkKey key) {
    Optional<WaitingActivation> found =
        locked.get(key.userId()).flatMap(account -> waiting(account, key));
    if (found.isEmpty()) {
      return Outcome.ENDED;
    }
    WaitingActivation waiting = found.get();
    OwnerAccount account = waiting.account();
    PendingActivation pending = waiting.pending();
    Promotion promotion = new Promotion(session, realm, account);
    if (!promotion.takeAddress(pending.email())) {
      return Outcome.ADDRESS_TAKEN;
    }
    String suggested = account.suggestedEmail();
    promotion.makePersonal(
        account.credential(OwnerAccount.PENDING_PASSWORD).orElseThrow(),
        pending.termsVersion(),
        Instant.ofEpochSecond(pending.termsAcceptedAt()));
    promotion.log(pending.clientId(), waiting.agency(), waiting.writtenIdentifier());
    if (suggested != null && !suggested.equals(pending.email())) {
      new ActivationMails(session, realm).tellSuggestedAddress(waiting, suggested);
    }
    return Outcome.ACTIVATED;
  }
}
