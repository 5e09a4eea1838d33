package immo.moncompte.keycloak.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
 * leaves it provisional (spec, rule 1). The attributes below are declared in the user profile
 * without anybody who may edit them, so that neither owners nor the Admin API can write them (rule
 * 10).
 */
public final class OwnerAccount {

  /** Credential that holds the provisional password; no stock form or grant accepts the type. */
  public static final String PROVISIONAL_PASSWORD = "provisional-password";

  /** Credential that holds the password chosen at S4 until the address is proved. */
  public static final String PENDING_PASSWORD = "pending-password";

  /** Attribute that holds former and present identifiers, {@code 1001/01/p00012}. */
  public static final String IDENTIFIERS = "identifiers";

  private static final String CONTRACTS = "contracts";
  private static final String CONTACTS = "contacts";
  private static final String SUGGESTED_EMAIL = "suggested_email";
  private static final String PROVISIONAL_EXPIRES = "provisional_expires";
  private static final String PENDING_ACTIVATION = "pending_activation";
  private static final String MAILED_ACTIVATION = "mailed_activation";
  private static final String PENDING_RESET = "pending_reset";
  private static final String PENDING_ADDRESS = "pending_address";
  private static final String MERGES = "merges";
  private static final String DISPUTES = "disputes";
  private static final String PENDING_MERGE = "pending_merge";
  private static final String FORMER_IDS = "former_ids";
  private static final String FROZEN_AT = "frozen_at";
  private static final String ACTIVATED_AT = "activated_at";
  private static final String TERMS_VERSION = "terms_version";
  private static final String TERMS_ACCEPTED_AT = "terms_accepted_at";

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

  /** Whether the letter's credentials have outlived what the operator set (spec, rule 3). */
  public boolean isExpired(Instant now) {
    String expires = user.getFirstAttribute(PROVISIONAL_EXPIRES);
    return expires == null || now.getEpochSecond() >= Long.parseLong(expires);
  }

  public Instant provisionalExpires() {
    String expires = user.getFirstAttribute(PROVISIONAL_EXPIRES);
    return expires == null ? null : Instant.ofEpochSecond(Long.parseLong(expires));
  }

  public void setProvisionalExpires(Instant expires) {
    user.setSingleAttribute(PROVISIONAL_EXPIRES, Long.toString(expires.getEpochSecond()));
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
    user.setAttribute(CONTRACTS, contracts.stream().map(Json::write).toList());
  }

  public List<Contact> contacts() {
    return user.getAttributeStream(CONTACTS).map(v -> Json.read(v, Contact.class)).toList();
  }

  public void setContacts(List<Contact> contacts) {
    user.setAttribute(CONTACTS, contacts.stream().map(Json::write).toList());
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

  /** JSON of the activation that waits for its link, or null. */
  public String pendingActivation() {
    return user.getFirstAttribute(PENDING_ACTIVATION);
  }

  public void setPendingActivation(String json) {
    user.setSingleAttribute(PENDING_ACTIVATION, json);
  }

  /** JSON of the link by which the account may be activated without its letter, or null. */
  public String mailedActivation() {
    return user.getFirstAttribute(MAILED_ACTIVATION);
  }

  public void setMailedActivation(String json) {
    user.setSingleAttribute(MAILED_ACTIVATION, json);
  }

  /** Ends the activation that waits, and its links with it (spec, rule 3). */
  public void endPendingActivation() {
    user.removeAttribute(PENDING_ACTIVATION);
    user.removeAttribute(MAILED_ACTIVATION);
    removeCredentials(PENDING_PASSWORD);
  }

  /** JSON of the reset of the password that waits for its link, or null. */
  public String pendingReset() {
    return user.getFirstAttribute(PENDING_RESET);
  }

  public void setPendingReset(String json) {
    user.setSingleAttribute(PENDING_RESET, json);
  }

  /** JSON of the change of address that waits for its link, or null. */
  public String pendingAddress() {
    return user.getFirstAttribute(PENDING_ADDRESS);
  }

  public void setPendingAddress(String json) {
    user.setSingleAttribute(PENDING_ADDRESS, json);
  }

  /** Ends the change of address that waits, and its link with it. */
  public void endPendingAddress() {
    user.removeAttribute(PENDING_ADDRESS);
  }

  /**
   * What tells one password of the account from the next, whoever sets it: its credential and when
   * it was made. Not what it is hashed with, which a sign-in may renew. Empty without a password.
   */
  public String passwordStamp() {
    return credential(PasswordCredentialModel.TYPE)
        .map(password -> password.getId() + ":" + password.getCreatedDate())
        .orElse("");
  }

  /**
   * Makes the account a personal one: what makes it provisional goes. Its address is set before.
   */
  public void becomePersonal(Instant now) {
    user.setSingleAttribute(ACTIVATED_AT, Long.toString(now.getEpochSecond()));
    user.removeAttribute(PROVISIONAL_EXPIRES);
    user.removeAttribute(SUGGESTED_EMAIL);
    removeCredentials(PROVISIONAL_PASSWORD);
    endPendingActivation();
  }

  /** Ends whatever waits for a link in a mail; what was told can still be disputed. */
  public void endPendingLinks() {
    endPendingActivation();
    user.removeAttribute(PENDING_RESET);
    user.removeAttribute(PENDING_ADDRESS);
    user.removeAttribute(PENDING_MERGE);
  }

  /** JSON of the links by which what was told of this account can be disputed. */
  public List<String> disputes() {
    return user.getAttributeStream(DISPUTES).toList();
  }

  public void setDisputes(List<String> json) {
    user.setAttribute(DISPUTES, json);
  }

  /**
   * Whoever was told of something of an account that is merged into this one can still dispute it;
   * their links name the former account.
   */
  public void takeDisputesOf(OwnerAccount former) {
    setDisputes(Stream.concat(disputes().stream(), former.disputes().stream()).toList());
    List<String> ids =
        Stream.of(
                user.getAttributeStream(FORMER_IDS),
                former.user.getAttributeStream(FORMER_IDS),
                Stream.of(former.id()))
            .flatMap(Function.identity())
            .toList();
    user.setAttribute(FORMER_IDS, ids);
  }

  /** JSON of the merge into another account that waits for its link, or null. */
  public String pendingMerge() {
    return user.getFirstAttribute(PENDING_MERGE);
  }

  public void setPendingMerge(String json) {
    user.setSingleAttribute(PENDING_MERGE, json);
  }

  /** Nobody gets in from now on, until the operator enables the account (spec, rule 4). */
  public void freeze(Instant now) {
    user.setEnabled(false);
    user.setSingleAttribute(FROZEN_AT, Long.toString(now.getEpochSecond()));
    user.removeAttribute(DISPUTES);
    endPendingLinks();
  }

  /** Since when the account is frozen by a dispute, or null when it is not. */
  public Instant frozenAt() {
    String at = user.isEnabled() ? null : user.getFirstAttribute(FROZEN_AT);
    return at == null ? null : Instant.ofEpochSecond(Long.parseLong(at));
  }

  /** Keeps what a merge moved, and forgets those that can no longer be undone. */
  public void keepMerge(MergeRecord record, Duration undoable) {
    long oldest = Instant.now().minus(undoable).getEpochSecond();
    List<String> kept =
        Stream.concat(merges().stream().filter(merge -> merge.at() >= oldest), Stream.of(record))
            .map(Json::write)
            .toList();
    user.setAttribute(MERGES, kept);
  }

  /** Forgets that an identifier came by a merge, or by one after the other: it has gone back. */
  public void forgetMerges(Identifier identifier) {
    List<String> left =
        merges().stream()
            .map(merge -> merge.without(identifier))
            .filter(merge -> !merge.identifiers().isEmpty())
            .map(Json::write)
            .toList();
    user.setAttribute(MERGES, left);
  }

  public List<MergeRecord> merges() {
    return user.getAttributeStream(MERGES).map(v -> Json.read(v, MergeRecord.class)).toList();
  }

  public Instant activatedAt() {
    String at = user.getFirstAttribute(ACTIVATED_AT);
    return at == null ? null : Instant.ofEpochSecond(Long.parseLong(at));
  }

  public String termsVersion() {
    return user.getFirstAttribute(TERMS_VERSION);
  }

  /** Records which version of the CGU was accepted, and when (spec, rule 11). */
  public void acceptTerms(String version, Instant at) {
    user.setSingleAttribute(TERMS_VERSION, version);
    user.setSingleAttribute(TERMS_ACCEPTED_AT, Long.toString(at.getEpochSecond()));
  }
}
