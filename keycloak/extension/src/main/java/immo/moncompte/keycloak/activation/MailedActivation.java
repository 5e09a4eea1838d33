package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.LinkKey;
import immo.moncompte.keycloak.core.LinkSecret;
import immo.moncompte.keycloak.password.Passwords;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * Activation for an owner who asks for a forgotten password and never had one: a link to the
 * address that the agency holds proves the mailbox, and the activation has that address (design 7).
 */
public final class MailedActivation {

  private final KeycloakSession session;
  private final RealmModel realm;

  public MailedActivation(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * What a mail of this kind needs of the request that asked for it.
   *
   * @param clientId the application the visitor came from
   * @param locale language of the mail
   * @param page address of the page that the link opens
   * @param applicationUrl the application's address, or null
   */
  public record Asked(String clientId, String locale, String page, String applicationUrl) {}

  /** Whether this account may be activated so: a letter that is good, an address, an agency. */
  public boolean isPossible(OwnerAccount account) {
    return !account.isPersonal()
        && account.user().isEnabled()
        && !account.isExpired(Instant.now())
        && account.suggestedEmail() != null
        && !account.contracts().isEmpty()
        && account.credential(OwnerAccount.PROVISIONAL_PASSWORD).isPresent()
        && agency(account).isPresent();
  }

  /**
   * Sends a new link, which takes the place of the one before.
   *
   * @param account a locked account for which {@link #isPossible} holds
   */
  public void send(OwnerAccount account, Asked asked) {
    String secret = LinkSecret.generate();
    Instant now = Instant.now();
    MailedLink link =
        new MailedLink(
            LinkSecret.hash(secret),
            now.plus(new RealmSettings(realm).verificationLinkLifetime()).getEpochSecond(),
            now.getEpochSecond(),
            account.suggestedEmail(),
            account
                .credential(OwnerAccount.PROVISIONAL_PASSWORD)
                .map(CredentialModel::getId)
                .orElseThrow(),
            asked.clientId());
    link.storeOn(account);
    new ActivationMails(session, realm)
        .sendMailedLink(
            waiting(account, link).orElseThrow(),
            new LinkKey(account.id(), secret).url(asked.page()),
            asked);
  }

  /** The account and what waits on it, when the key is good: right, not expired, not replaced. */
  Optional<WaitingMailed> find(LinkKey key) {
    UserModel user = session.users().getUserById(realm, key.userId());
    return Optional.ofNullable(user).map(OwnerAccount::of).flatMap(account -> good(account, key));
  }

  /**
   * Uses the link: one transaction, as for an activation by letter.
   *
   * @param password a password that the realm's policy accepts
   * @param termsVersion version of the CGU accepted with it, or null when the realm has none
   */
  Activation.Outcome confirm(LinkKey key, String password, String termsVersion) {
    PasswordCredentialModel hashed = Passwords.hash(session, realm, password);
    try {
      return RowLock.inLockedTransaction(
          session,
          List.of(key.userId()),
          own ->
              new MailedActivation(own.session(), own.realm())
                  .confirmLocked(own, key, hashed, termsVersion));
    } catch (ModelDuplicateException e) {
      return Activation.Outcome.ADDRESS_TAKEN;
    }
  }

  private Activation.Outcome confirmLocked(
      RowLock locked, LinkKey key, PasswordCredentialModel password, String termsVersion) {
    Optional<WaitingMailed> found = locked.get(key.userId()).flatMap(account -> good(account, key));
    if (found.isEmpty()) {
      return Activation.Outcome.ENDED;
    }
    WaitingMailed waiting = found.get();
    Promotion promotion = new Promotion(session, realm, waiting.account());
    if (!promotion.takeAddress(waiting.link().email())) {
      return Activation.Outcome.ADDRESS_TAKEN;
    }
    promotion.makePersonal(password, termsVersion, Instant.now());
    promotion.log(waiting.link().clientId(), waiting.agency(), waiting.writtenIdentifier());
    return Activation.Outcome.ACTIVATED;
  }

  private Optional<WaitingMailed> good(OwnerAccount account, LinkKey key) {
    return MailedLink.of(account)
        .filter(link -> LinkSecret.matches(key.secret(), link.linkHash()))
        .filter(link -> link.holds(account, Instant.now()))
        .flatMap(link -> waiting(account, link));
  }

  private Optional<WaitingMailed> waiting(OwnerAccount account, MailedLink link) {
    return agency(account)
        .map(agency -> new WaitingMailed(account, link, agency, contact(account).identifier()));
  }

  private Optional<Agency> agency(OwnerAccount account) {
    return account.contacts().stream()
        .findFirst()
        .flatMap(contact -> WaitingActivation.agencyOf(session, contact))
        .filter(Agency::activatesByMail);
  }

  private static Contact contact(OwnerAccount account) {
    return account.contacts().get(0);
  }
}
