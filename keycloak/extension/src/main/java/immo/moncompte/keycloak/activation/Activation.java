package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.MailLink;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.ProvedAddress;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.core.Links;
import immo.moncompte.keycloak.core.Links.Found;
import immo.moncompte.keycloak.core.Links.Sending;
import immo.moncompte.keycloak.core.Origin;
import immo.moncompte.keycloak.core.Source;
import immo.moncompte.keycloak.password.Passwords;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.keycloak.credential.CredentialModel;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Turns a provisional account into a personal one.
 *
 * <p>An owner with a letter asks for it at S4, and confirms it by the link of M1. An owner who asks
 * for a forgotten password and never had one gets a link at the address that the agency holds, and
 * chooses the password on its page.
 */
public record Activation(KeycloakSession session, RealmModel realm) {

  /**
   * Path below {@code /realms/{realm}/moncompte} of the page where an activation becomes a merge.
   * The mail leads there if the address already belongs to a personal account. The key is the same.
   */
  public static final String MERGE_PATH = "merge";

  /** Name, in the data of the link, of the browser tab whose sign-in asked for it. */
  public static final String TAB = "tab";

  private static final List<MailLink.Kind> ACTIVATIONS =
      List.of(MailLink.Kind.ACTIVATION, MailLink.Kind.ACTIVATION_BY_MAIL);

  private static final String TERMS = "terms";
  private static final String TERMS_AT = "terms-at";

  /** What came of using the link. */
  public enum Outcome {
    ACTIVATED,
    ADDRESS_TAKEN
  }

  /**
   * What the owner chose.
   *
   * @param password the password, hashed
   * @param termsVersion version of the CGU accepted, or null when the realm has none
   * @param termsAcceptedAt when they were accepted
   */
  private record Choice(CredentialModel password, String termsVersion, Instant termsAcceptedAt) {}

  // ---- by the letter

  /**
   * Stores the pending activation on the account, and asks for the mail: a link with the address,
   * and the hash of the password.
   *
   * @param email the address, lower case
   * @param browserSecret the secret that the visitor's browser gets in a cookie
   */
  public Sending begin(
      ProvisionalProof proof,
      OwnerAccount account,
      String email,
      String password,
      String browserSecret,
      AuthenticationSessionModel authSession) {
    CredentialModel chosen = Passwords.hash(session, realm, password);
    chosen.setType(OwnerAccount.PENDING_PASSWORD);
    chosen.setUserLabel(null);
    Map<String, String> data = new HashMap<>();
    data.put(MailLink.TARGET, email);
    data.put(MailLink.BROWSER, LinkSecret.hash(browserSecret));
    data.put(TAB, authSession.getTabId());
    data.put(TERMS, RealmSettings.termsVersion(realm));
    data.put(TERMS_AT, Long.toString(Instant.now().getEpochSecond()));
    String locale = session.getContext().resolveLocale(account.user()).toLanguageTag();
    String clientId = authSession.getClient().getClientId();
    MailLink asked = MailLink.asked(MailLink.Kind.ACTIVATION, clientId, locale, data);
    return locked(proof, (own, fresh) -> own.begin(proof, fresh, asked, chosen));
  }

  /**
   * Replaces the pending activation. If the address is the same, the secret stays the same, so the
   * mail that was sent works until a new one leaves.
   */
  private Sending begin(
      ProvisionalProof proof, OwnerAccount account, MailLink asked, CredentialModel chosen) {
    MailLink pending =
        pending(account).filter(asked::hasTargetOf).map(asked::withSecretOf).orElse(asked);
    account.replaceCredential(chosen);
    // Kept even if no mail leaves now: S5 can ask for it again.
    account.links().add(pending.stamped(links().stamp(account)));
    return send(agencyOf(proof), proof.writtenIdentifier(), account, pending);
  }

  /**
   * The link of the pending activation that S4 began, even if it has expired. Empty if the account
   * has changed since.
   */
  public Optional<MailLink> pending(OwnerAccount account) {
    return links().current(account, MailLink.Kind.ACTIVATION);
  }

  /**
   * Asks for the mail again. It brings a new link. During the cool-down no mail leaves, and the
   * link already sent stays valid.
   *
   * @param browserSecret a new secret for the visitor's browser; the caller sets it as a cookie if
   *     the mail was sent, so that the cookie lives as long as the new link
   */
  public Sending resend(ProvisionalProof proof, MailLink pending, String browserSecret) {
    String browser = pending.get(MailLink.BROWSER);
    String newBrowser = LinkSecret.hash(browserSecret);
    return locked(
        proof,
        (own, fresh) ->
            own.pending(fresh)
                .filter(found -> found.get(MailLink.BROWSER).equals(browser))
                .map(found -> found.with(MailLink.BROWSER, newBrowser))
                .map(
                    asked -> own.send(own.agencyOf(proof), proof.writtenIdentifier(), fresh, asked))
                .orElse(Sending.ENDED));
  }

  /**
   * Sends the mail. An agency can have it sent again ({@code moncompte owners resend}). The link
   * stays tied to the owner's browser, where M1 asks no password.
   *
   * @param writtenIdentifier the identifier, as the agency writes it
   * @param account the account, locked
   * @param asked the link, which the mail brings with a new secret
   */
  public Sending send(
      Agency agency, String writtenIdentifier, OwnerAccount account, MailLink asked) {
    String source = Source.of(session);
    Links.Recipient recipient =
        new Links.Recipient(
            asked.get(MailLink.TARGET), source, List.of(agency.getAlias()), true, false);
    return links()
        .send(
            account,
            asked,
            recipient,
            (link, key) ->
                new ActivationMails(session, realm)
                    .sendLink(
                        new PendingActivation(account, link, agency, writtenIdentifier), key));
  }

  /** How long until the mail may be asked for again. */
  public Duration cooldown(MailLink pending) {
    return links().cooldown(pending);
  }

  private Agency agencyOf(ProvisionalProof proof) {
    return Agency.findByAlias(session, proof.agencyAlias()).orElseThrow();
  }

  /**
   * Ends what was begun with another address than the one chosen at S3, and the links to it
   * (specification, rule 3).
   */
  public void endUnlessTo(ProvisionalProof proof, String email) {
    locked(
        proof,
        (own, fresh) -> {
          endOthers(fresh, email);
          return Sending.ENDED;
        });
  }

  private static void endOthers(OwnerAccount account, String email) {
    for (MailLink.Kind kind : ACTIVATIONS) {
      account
          .links()
          .one(kind)
          .filter(link -> !email.equals(link.get(MailLink.TARGET)))
          .ifPresent(link -> account.links().remove(kind));
    }
    if (account.links().one(MailLink.Kind.ACTIVATION).isEmpty()) {
      account.removeCredentials(OwnerAccount.PENDING_PASSWORD);
    }
  }

  /** Ends the pending activation. The owner begins again at S2. */
  public void restart(ProvisionalProof proof) {
    locked(
        proof,
        (own, fresh) -> {
          fresh.endPendingActivation();
          return Sending.ENDED;
        });
  }

  /**
   * Changes the pending activation in a transaction of its own that locks the account. A merge or
   * the link may be ending it at this moment. Then, or if the proof is no longer valid, nothing
   * happens.
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

  // ---- by mail

  /** Whether an owner can activate by a mail: the agency lets them, and holds an address. */
  public boolean isPossibleByMail(OwnerAccount account) {
    MailLink link = MailLink.asked(MailLink.Kind.ACTIVATION_BY_MAIL, null, null, Map.of());
    return account.canBeActivated(Instant.now())
        && account.suggestedEmail() != null
        // An agency that empties the cell wants no more mail there, though it ends nothing.
        && account.contacts().stream().noneMatch(contact -> contact.email().isBlank())
        && PendingActivation.of(session, account, link).isPresent();
  }

  /**
   * Sends a link to the address that the agency holds.
   *
   * @param account a locked account for which {@link #isPossibleByMail} holds
   * @param browserHash hash of the secret of the browser that asks
   */
  public Sending sendByMail(
      OwnerAccount account, String browserHash, Origin origin, Links.Recipient recipient) {
    MailLink asked =
        MailLink.asked(
            MailLink.Kind.ACTIVATION_BY_MAIL,
            origin.clientId(),
            origin.locale(),
            Map.of(MailLink.TARGET, account.suggestedEmail(), MailLink.BROWSER, browserHash));
    return links()
        .send(
            account,
            asked,
            recipient,
            (link, key) ->
                new ActivationMails(session, realm)
                    .sendMailedLink(
                        PendingActivation.of(session, account, link).orElseThrow(), key, origin));
  }

  // ---- the link

  /**
   * Uses the link of M1. One transaction sets email, username and password, and removes the
   * provisional credentials. If two accounts activate with one address at once, the first wins.
   *
   * @return what came of it; empty when the link is not valid any more
   */
  public Optional<Outcome> confirm(LinkKey key) {
    return confirm(MailLink.Kind.ACTIVATION, key, Activation::chosenBefore);
  }

  /**
   * The same for the link of an activation without the letter, whose page takes the password.
   *
   * @param password a password that the realm's policy accepts
   * @param termsVersion version of the CGU accepted with it, or null when the realm has none
   */
  public Optional<Outcome> confirmByMail(LinkKey key, String password, String termsVersion) {
    Choice choice =
        new Choice(Passwords.hash(session, realm, password), termsVersion, Instant.now());
    return confirm(MailLink.Kind.ACTIVATION_BY_MAIL, key, pending -> choice);
  }

  private static Choice chosenBefore(PendingActivation pending) {
    return new Choice(
        pending.account().credential(OwnerAccount.PENDING_PASSWORD).orElseThrow(),
        pending.link().get(TERMS),
        Instant.ofEpochSecond(Long.parseLong(pending.link().get(TERMS_AT))));
  }

  private Optional<Outcome> confirm(
      MailLink.Kind kind, LinkKey key, Function<PendingActivation, Choice> choice) {
    try {
      return links()
          .use(
              kind,
              key,
              List.of(),
              (own, found) ->
                  new Activation(own.session(), own.realm()).confirmLocked(found, choice));
    } catch (ModelDuplicateException e) {
      return Optional.of(Outcome.ADDRESS_TAKEN);
    }
  }

  private Optional<Outcome> confirmLocked(Found found, Function<PendingActivation, Choice> choice) {
    return PendingActivation.of(session, found)
        .map(pending -> activate(pending, choice.apply(pending)));
  }

  private Outcome activate(PendingActivation pending, Choice choice) {
    OwnerAccount account = pending.account();
    ProvedAddress address = new ProvedAddress(session, realm, pending.email());
    if (address.isTakenFrom(account)) {
      return Outcome.ADDRESS_TAKEN;
    }
    address.giveTo(account);
    String suggested = account.suggestedEmail();
    makePersonal(account, choice);
    logActivation(pending);
    if (suggested != null && !suggested.equals(pending.email())) {
      new ActivationMails(session, realm).tellSuggestedAddress(pending, suggested);
    }
    return Outcome.ACTIVATED;
  }

  private static void makePersonal(OwnerAccount account, Choice choice) {
    CredentialModel password = PasswordCredentialModel.createFromCredentialModel(choice.password());
    password.setId(null);
    password.setType(PasswordCredentialModel.TYPE);
    account.becomePersonal(Instant.now());
    account.replaceCredential(password);
    account.user().removeRequiredAction(NotActivatedRequiredAction.ID);
    if (choice.termsVersion() != null) {
      account.consent().accept(choice.termsVersion(), choice.termsAcceptedAt());
    }
  }

  /** In the transaction of the activation (specification, rule 6). */
  private void logActivation(PendingActivation pending) {
    new EventBuilder(realm, session, session.getContext().getConnection())
        .event(EventType.REGISTER)
        .client(pending.link().clientId())
        .user(pending.account().user())
        .detail("agency", pending.agency().getCodes())
        .detail("identifier", pending.writtenIdentifier())
        .success();
  }

  private Links links() {
    return new Links(session, realm);
  }
}
