package immo.moncompte.keycloak.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * A Keycloak user seen as an owner's account, provisional or personal.
 *
 * <p>An account is personal when activation has said so, and only then: everything else that could
 * be done to it (a password given by an administrator, required actions cleared, an email set)
 * leaves it provisional (specification, rule 1). The attributes below are declared in the user
 * profile without anybody who may edit them, so that neither owners nor the Admin API can write
 * them (rule 10).
 */
public final class OwnerAccount {

  /** Credential that holds the provisional password; no stock form or grant accepts the type. */
  public static final String PROVISIONAL_PASSWORD = "provisional-password";

  /** Credential that holds the password chosen at S4 until the address is proved. */
  public static final String PENDING_PASSWORD = "pending-password";

  /** Attribute that holds former and present identifiers, {@code 1001/01/p00012}. */
  public static final String IDENTIFIERS = "identifiers";

  /** Attribute that holds the contracts, each as JSON. */
  public static final String CONTRACTS = "contracts";

  /** Attribute that holds what each agency holds of the owner, as JSON. */
  public static final String CONTACTS = "contacts";

  /** Attribute that holds the address the agency suggests, lower case. */
  public static final String SUGGESTED_EMAIL = "suggested_email";

  /** Attribute that only a personal account has: when it became one, seconds since 1970. */
  public static final String ACTIVATED_AT = "activated_at";

  private static final String PROVISIONAL_EXPIRES = "provisional_expires";
  private static final String MERGES = "merges";
  private static final String LINKS = "links";
  private static final String FORMER_IDS = "former_ids";
  private static final String FROZEN_AT = "frozen_at";
  private static final String ACTIVATED_IDENTIFIER = "activated_identifier";
  private static final String LETTER_AT = "letter_at";
  private static final String STARTED_AT = "started_at";
  private static final String DISABLED_BY = "disabled_by";
  private static final String CONTRACTS_ENDED_AT = "contracts_ended_at";
  private static final String WARNED_AT = "warned_at";
  private static final String TERMS_VERSION = "terms_version";
  private static final String TERMS_ACCEPTED_AT = "terms_accepted_at";

  /** The attributes that say how far an account has come. */
  public static final Set<String> OF_PROGRESS =
      Set.of(
          PROVISIONAL_EXPIRES,
          LINKS,
          ACTIVATED_AT,
          ACTIVATED_IDENTIFIER,
          LETTER_AT,
          STARTED_AT,
          SUGGESTED_EMAIL);

  private final UserModel user;

  private OwnerAccount(UserModel user) {
    this.user = user;
  }

  public static OwnerAccount of(UserModel user) {
    return new OwnerAccount(user);
  }

  /** The provisional account of an identifier, enabled or not, expired or not. */
  public static Optional<OwnerAccount> findProvisional(
      KeycloakSession session, RealmModel realm, Identifier identifier) {
    return Optional.ofNullable(session.users().getUserByUsername(realm, identifier.username()))
        .map(OwnerAccount::new)
        .filter(account -> !account.isPersonal());
  }

  /** The account that holds an identifier, whether it was activated or not. */
  public static Optional<OwnerAccount> findByIdentifier(
      KeycloakSession session, RealmModel realm, Identifier identifier) {
    return session
        .users()
        .searchForUserByUserAttributeStream(realm, IDENTIFIERS, identifier.attributeValue())
        .findFirst()
        .map(OwnerAccount::new);
  }

  /** The account of an id, or the one it was merged into. */
  public static Optional<OwnerAccount> findPresent(
      KeycloakSession session, RealmModel realm, String id) {
    return Optional.ofNullable(session.users().getUserById(realm, id))
        .or(
            () ->
                session
                    .users()
                    .searchForUserByUserAttributeStream(realm, FORMER_IDS, id)
                    .findFirst())
        .map(OwnerAccount::new);
  }

  /** The personal account of an address, which is proved: an unverified one is nobody's. */
  public static Optional<OwnerAccount> findPersonal(
      KeycloakSession session, RealmModel realm, String email) {
    return Optional.ofNullable(session.users().getUserByEmail(realm, email))
        .map(OwnerAccount::new)
        .filter(account -> account.isPersonal() && account.user().isEmailVerified());
  }

  public UserModel user() {
    return user;
  }

  public String id() {
    return user.getId();
  }

  public String name() {
    return Stream.of(user.getFirstName(), user.getLastName())
        .filter(part -> part != null && !part.isBlank())
        .reduce((first, last) -> first + " " + last)
        .orElse("");
  }

  public boolean isPersonal() {
    return user.getFirstAttribute(ACTIVATED_AT) != null;
  }

  /**
   * Whether a provisional account can be activated or merged: it is enabled, and the letter's
   * credentials are there, have not expired and have a contract (specification, rule 3).
   */
  public boolean canBeActivated(Instant now) {
    return !isPersonal()
        && user.isEnabled()
        && !isExpired(now)
        && !contracts().isEmpty()
        && credential(PROVISIONAL_PASSWORD).isPresent();
  }

  /** The links in mails that open a page of this account; some may be invalid by now. */
  public List<MailLink> links() {
    return user.getAttributeStream(LINKS).map(v -> Json.read(v, MailLink.class)).toList();
  }

  /** The link of a kind of which an account has one. */
  public Optional<MailLink> link(MailLink.Kind kind) {
    return links().stream().filter(link -> link.kind() == kind).findFirst();
  }

  /** Adds a link; one of a kind of which an account has one replaces the one before. */
  public void addLink(MailLink link) {
    Stream<MailLink> others =
        links().stream().filter(one -> one.kind() != link.kind() || link.kind().outlivesChanges());
    setLinks(Stream.concat(others, Stream.of(link)).toList());
  }

  public void setLinks(List<MailLink> links) {
    user.setAttribute(LINKS, links.stream().map(Json::write).toList());
  }

  /** Ends the links that end with a change of the account. */
  public void endLinks() {
    setLinks(links().stream().filter(link -> link.kind().outlivesChanges()).toList());
  }

  /** Removes the links of these kinds. */
  public void removeLinks(MailLink.Kind... kinds) {
    List<MailLink.Kind> removed = List.of(kinds);
    setLinks(links().stream().filter(link -> !removed.contains(link.kind())).toList());
  }

  /**
   * Whether the letter's credentials have outlived what the operator set (specification, rule 3).
   */
  public boolean isExpired(Instant now) {
    Instant expires = provisionalExpires();
    return expires == null || !now.isBefore(expires);
  }

  public Instant provisionalExpires() {
    return instant(PROVISIONAL_EXPIRES);
  }

  public void setProvisionalExpires(Instant expires) {
    setInstant(PROVISIONAL_EXPIRES, expires);
  }

  /** The address the agency suggests, lower case, or null. */
  public String suggestedEmail() {
    return user.getFirstAttribute(SUGGESTED_EMAIL);
  }

  public void setSuggestedEmail(String email) {
    if (email == null || email.isBlank()) {
      user.removeAttribute(SUGGESTED_EMAIL);
      return;
    }
    user.setSingleAttribute(SUGGESTED_EMAIL, email.toLowerCase(Locale.ROOT));
  }

  public List<String> identifiers() {
    return user.getAttributeStream(IDENTIFIERS).toList();
  }

  public void setIdentifiers(List<String> identifiers) {
    user.setAttribute(IDENTIFIERS, identifiers);
  }

  public List<Contract> contracts() {
    return user.getAttributeStream(CONTRACTS).map(v -> Json.read(v, Contract.class)).toList();
  }

  public void setContracts(List<Contract> contracts) {
    if (isPersonal()) {
      noteWhenContractsEnd(contracts);
    }
    user.setAttribute(CONTRACTS, contracts.stream().map(Json::write).toList());
  }

  /** A contract that comes, or comes back, ends what was begun because there was none. */
  private void noteWhenContractsEnd(List<Contract> contracts) {
    if (!contracts.isEmpty()) {
      removeIfThere(CONTRACTS_ENDED_AT);
      removeIfThere(WARNED_AT);
    } else if (!contracts().isEmpty()) {
      user.setSingleAttribute(CONTRACTS_ENDED_AT, Long.toString(Instant.now().getEpochSecond()));
    }
  }

  /** Since when a personal account has had no contract, or null when that was not noted. */
  public Instant contractsEndedAt() {
    return instant(CONTRACTS_ENDED_AT);
  }

  /** Notes that its owner was told that it is going to be deleted. */
  public void markWarned(Instant now) {
    user.setSingleAttribute(WARNED_AT, Long.toString(now.getEpochSecond()));
  }

  /** Whether its owner was told so, has not signed in since, and has got no contract since. */
  public boolean isWarned() {
    return user.getFirstAttribute(WARNED_AT) != null;
  }

  /** Its owner has signed in. */
  public void clearInactivityWarning() {
    removeIfThere(WARNED_AT);
  }

  private void removeIfThere(String attribute) {
    if (user.getFirstAttribute(attribute) != null) {
      user.removeAttribute(attribute);
    }
  }

  public List<Contact> contacts() {
    return user.getAttributeStream(CONTACTS).map(Contact::ofStored).toList();
  }

  public void setContacts(List<Contact> contacts) {
    user.setAttribute(CONTACTS, contacts.stream().map(Contact::stored).toList());
  }

  /** Whether these are all contacts and contracts: told from what is stored, without reading it. */
  public boolean holdsOnly(Contact contact, List<Contract> contracts) {
    return user.getAttributeStream(CONTACTS).toList().equals(List.of(contact.stored()))
        && user.getAttributeStream(CONTRACTS)
            .toList()
            .equals(contracts.stream().map(Json::write).toList());
  }

  public Optional<CredentialModel> credential(String type) {
    return user.credentialManager().getStoredCredentialsByTypeStream(type).findFirst();
  }

  /** Puts a credential in the place of those of its type. */
  public void replaceCredential(CredentialModel credential) {
    removeCredentials(credential.getType());
    user.credentialManager().createStoredCredential(credential);
  }

  public void removeCredentials(String type) {
    user.credentialManager()
        .getStoredCredentialsByTypeStream(type)
        .map(CredentialModel::getId)
        .toList()
        .forEach(user.credentialManager()::removeStoredCredentialById);
  }

  /** Ends the activation that waits, and its links with it (specification, rule 3). */
  public void endPendingActivation() {
    removeLinks(MailLink.Kind.ACTIVATION, MailLink.Kind.ACTIVATION_BY_MAIL);
    removeCredentials(PENDING_PASSWORD);
  }

  /**
   * What tells one password of the account from the next, whoever sets it: its credential and when
   * it was made. Not what it is hashed with, which a sign-in may renew. Empty without a password.
   */
  public String passwordStamp() {
    return credential(PasswordCredentialModel.TYPE)
        .map(password -> passwordStamp(password.getId(), password.getCreatedDate()))
        .orElse("");
  }

  /** The stamp of a password, from what the database holds of its credential. */
  public static String passwordStamp(Object credentialId, Object createdDate) {
    return credentialId + ":" + createdDate;
  }

  /**
   * Makes the account a personal one: what makes it provisional goes. Its address is set before.
   */
  public void becomePersonal(Instant now) {
    user.setSingleAttribute(ACTIVATED_AT, Long.toString(now.getEpochSecond()));
    user.removeAttribute(PROVISIONAL_EXPIRES);
    user.removeAttribute(SUGGESTED_EMAIL);
    identifiers().stream()
        .findFirst()
        .ifPresent(identifier -> user.setSingleAttribute(ACTIVATED_IDENTIFIER, identifier));
    forgetLetter();
    removeCredentials(PROVISIONAL_PASSWORD);
    endPendingActivation();
  }

  /**
   * Whoever was told of something of an account that is merged into this one can still dispute it;
   * their links name the former account.
   */
  public void takeDisputesOf(OwnerAccount former) {
    former.links().stream()
        .filter(link -> link.kind() == MailLink.Kind.DISPUTE)
        .forEach(this::addLink);
    List<String> ids =
        Stream.of(
                user.getAttributeStream(FORMER_IDS),
                former.user.getAttributeStream(FORMER_IDS),
                Stream.of(former.id()))
            .flatMap(Function.identity())
            .toList();
    user.setAttribute(FORMER_IDS, ids);
  }

  /** Nobody gets in from now on, until the operator enables the account (specification, rule 4). */
  public void freeze(Instant now) {
    user.setEnabled(false);
    user.setSingleAttribute(FROZEN_AT, Long.toString(now.getEpochSecond()));
    endLinks();
    removeLinks(MailLink.Kind.DISPUTE);
  }

  /** Since when the account is frozen by a dispute, or null when it is not. */
  public Instant frozenAt() {
    String at = user.isEnabled() ? null : user.getFirstAttribute(FROZEN_AT);
    return at == null ? null : Instant.ofEpochSecond(Long.parseLong(at));
  }

  /** Whether the account became personal by this identifier; another came by a merge. */
  public boolean wasActivatedBy(String identifier) {
    return identifier.equals(user.getFirstAttribute(ACTIVATED_IDENTIFIER));
  }

  /** When the agency made the letter with the credentials that work now; null before. */
  public Instant letterAt() {
    return instant(LETTER_AT);
  }

  public void setLetterAt(Instant at) {
    setInstant(LETTER_AT, at);
  }

  /** When the letter's credentials were first used; null before. */
  public Instant startedAt() {
    return instant(STARTED_AT);
  }

  public void setStartedAt(Instant at) {
    setInstant(STARTED_AT, at);
  }

  /** Other credentials need another letter, with which the owner starts again. */
  public void forgetLetter() {
    user.removeAttribute(LETTER_AT);
    user.removeAttribute(STARTED_AT);
  }

  /** Codes of the agency that disabled the account, {@code 1001/01}; null when none has. */
  public String disabledBy() {
    return user.getFirstAttribute(DISABLED_BY);
  }

  /** Disables the account in the name of an agency, which alone can enable it again. */
  public void disable(String agency) {
    user.setEnabled(false);
    user.setSingleAttribute(DISABLED_BY, agency);
    endPendingActivation();
  }

  public void enable() {
    user.removeAttribute(DISABLED_BY);
    user.setEnabled(true);
  }

  /** Takes an identifier off the account, with all that stands under it. */
  public void forget(Identifier identifier) {
    String gone = identifier.attributeValue();
    setIdentifiers(identifiers().stream().filter(one -> !one.equals(gone)).toList());
    setContracts(contracts().stream().filter(one -> !one.isUnder(identifier)).toList());
    setContacts(contacts().stream().filter(one -> !one.isUnder(identifier)).toList());
    setLinks(links().stream().filter(one -> !one.isAbout(identifier)).toList());
    setMerges(
        merges().stream()
            .map(merge -> merge.without(identifier))
            .filter(merge -> !merge.identifiers().isEmpty())
            .toList());
    if (wasActivatedBy(gone)) {
      user.removeAttribute(ACTIVATED_IDENTIFIER);
    }
  }

  /** Puts an identifier in the place of another, in all that stands under it. */
  public void rename(Identifier from, Identifier to) {
    String old = from.attributeValue();
    setIdentifiers(
        identifiers().stream().map(one -> one.equals(old) ? to.attributeValue() : one).toList());
    setContracts(contracts().stream().map(one -> one.renamed(from, to)).toList());
    setContacts(contacts().stream().map(one -> one.renamed(from, to)).toList());
    setMerges(merges().stream().map(one -> one.renamed(from, to)).toList());
    setLinks(links().stream().filter(one -> !one.isAbout(from)).toList());
    if (wasActivatedBy(old)) {
      user.setSingleAttribute(ACTIVATED_IDENTIFIER, to.attributeValue());
    }
  }

  /** Keeps what a merge moved, and forgets those that can no longer be undone. */
  public void keepMerge(MergeRecord record, Duration undoable) {
    long oldest = Instant.now().minus(undoable).getEpochSecond();
    setMerges(
        Stream.concat(merges().stream().filter(merge -> merge.at() >= oldest), Stream.of(record))
            .toList());
  }

  public List<MergeRecord> merges() {
    return user.getAttributeStream(MERGES).map(v -> Json.read(v, MergeRecord.class)).toList();
  }

  private void setMerges(List<MergeRecord> merges) {
    user.setAttribute(MERGES, merges.stream().map(Json::write).toList());
  }

  public Instant activatedAt() {
    return instant(ACTIVATED_AT);
  }

  public String termsVersion() {
    return user.getFirstAttribute(TERMS_VERSION);
  }

  /** Records which version of the CGU was accepted, and when (specification, rule 11). */
  public void acceptTerms(String version, Instant at) {
    user.setSingleAttribute(TERMS_VERSION, version);
    user.setSingleAttribute(TERMS_ACCEPTED_AT, Long.toString(at.getEpochSecond()));
  }

  private Instant instant(String attribute) {
    String seconds = user.getFirstAttribute(attribute);
    return seconds == null ? null : Instant.ofEpochSecond(Long.parseLong(seconds));
  }

  private void setInstant(String attribute, Instant at) {
    user.setSingleAttribute(attribute, Long.toString(at.getEpochSecond()));
  }
}
