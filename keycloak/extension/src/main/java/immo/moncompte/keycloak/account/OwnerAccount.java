package immo.moncompte.keycloak.account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.UserModel;

/**
 * A Keycloak user seen as an owner's account, provisional or personal.
 *
 * <p>An account is personal when activation has said so, and only then: everything else that could
 * be done to it (a password given by an administrator, required actions cleared, an email set)
 * leaves it provisional (specification, rule 1). The attributes below are declared in the user
 * profile without anybody who may edit them, so that neither owners nor the Admin API can write
 * them (rule 10).
 */
public record OwnerAccount(UserModel user) {

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

  private static final String MERGES = "merges";
  static final String ACTIVATED_IDENTIFIER = "activated_identifier";

  /** The attributes that say how far an account has come. */
  public static final Set<String> OF_PROGRESS =
      Set.of(
          Letter.EXPIRES,
          KeptLinks.LINKS,
          ACTIVATED_AT,
          ACTIVATED_IDENTIFIER,
          Letter.MADE_AT,
          Letter.STARTED_AT,
          SUGGESTED_EMAIL);

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
        && !letter().isExpired(now)
        && !contracts().isEmpty()
        && credential(PROVISIONAL_PASSWORD).isPresent();
  }

  public KeptLinks links() {
    return new KeptLinks(user);
  }

  public Letter letter() {
    return new Letter(user);
  }

  public Inactivity inactivity() {
    return new Inactivity(user);
  }

  public Suspension suspension() {
    return new Suspension(this);
  }

  public Consent consent() {
    return new Consent(user);
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
    user.setSingleAttribute(SUGGESTED_EMAIL, email);
  }

  public List<String> identifiers() {
    return user.getAttributeStream(IDENTIFIERS).toList();
  }

  public void setIdentifiers(List<String> identifiers) {
    user.setAttribute(IDENTIFIERS, identifiers);
    new IdentifierKeys(this).write();
  }

  public List<Contract> contracts() {
    return user.getAttributeStream(CONTRACTS).map(v -> Json.read(v, Contract.class)).toList();
  }

  public void setContracts(List<Contract> contracts) {
    if (isPersonal()) {
      inactivity().noteContracts(contracts(), contracts);
    }
    user.setAttribute(CONTRACTS, contracts.stream().map(Json::write).toList());
  }

  public List<Contact> contacts() {
    return user.getAttributeStream(CONTACTS).map(Contact::ofStored).toList();
  }

  public void setContacts(List<Contact> contacts) {
    user.setAttribute(CONTACTS, contacts.stream().map(Contact::stored).toList());
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

  /** Ends the pending activation and its links, those by mail too (specification, rule 3). */
  public void endPendingActivation() {
    links().remove(MailLink.Kind.ACTIVATION, MailLink.Kind.ACTIVATION_BY_MAIL);
    removeCredentials(PENDING_PASSWORD);
  }

  /**
   * Makes the account a personal one. Removes the suggested address, the provisional credentials
   * and the pending activation. The caller has set the email and username.
   */
  public void becomePersonal(Instant now) {
    Seconds.write(user, ACTIVATED_AT, now);
    user.removeAttribute(SUGGESTED_EMAIL);
    identifiers().stream()
        .findFirst()
        .ifPresent(identifier -> user.setSingleAttribute(ACTIVATED_IDENTIFIER, identifier));
    letter().end();
    removeCredentials(PROVISIONAL_PASSWORD);
    endPendingActivation();
  }

  /** Whether the account became personal by this identifier; another came by a merge. */
  public boolean wasActivatedBy(String identifier) {
    return identifier.equals(user.getFirstAttribute(ACTIVATED_IDENTIFIER));
  }

  public List<MergeRecord> merges() {
    return user.getAttributeStream(MERGES).map(v -> Json.read(v, MergeRecord.class)).toList();
  }

  void setMerges(List<MergeRecord> merges) {
    user.setAttribute(MERGES, merges.stream().map(Json::write).toList());
  }

  public Instant activatedAt() {
    return Seconds.read(user, ACTIVATED_AT);
  }
}
