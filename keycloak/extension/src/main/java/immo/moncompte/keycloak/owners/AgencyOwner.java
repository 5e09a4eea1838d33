package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonValue;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.IdentifierKeys;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.core.MailLimits;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.token.Entitlement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;

/** An account as an agency sees it under one of its identifiers. */
record AgencyOwner(AgencyRequest request, OwnerAccount account, Identifier identifier) {

  /** The same with the identifier as the agency writes it, whatever was typed. */
  static AgencyOwner of(AgencyRequest request, OwnerAccount account, Identifier typed) {
    AgencyOwner owner =
        new AgencyOwner(request, account, new IdentifierKeys(account).meant(typed).orElse(typed));
    return owner
        .contact()
        .map(contact -> owner.under(new Identifier(typed.agencyAlias(), contact.identifier())))
        .orElse(owner);
  }

  AgencyOwner under(Identifier other) {
    return new AgencyOwner(request, account, other);
  }

  Optional<Contact> contact() {
    return account.contacts().stream().filter(one -> one.isUnder(identifier)).findFirst();
  }

  String name() {
    return contact().map(Contact::name).orElse("");
  }

  List<Contract> contracts() {
    return account.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
  }

  List<Map<String, String>> contractsInWords() {
    return contracts().stream().map(Contract::inWords).toList();
  }

  String state() {
    return account.isPersonal() ? "personal" : "provisional";
  }

  /**
   * The address of a personal account as an agency may see it (specification, rule 10), or null.
   */
  String maskedEmail() {
    String email = account.isPersonal() ? account.user().getEmail() : null;
    return email == null ? null : EmailAddress.masked(email);
  }

  /**
   * When the account was activated with an identifier of this agency. Null before, and if it was
   * with another agency's, which is no business of this one (specification, rule 10).
   */
  Instant activatedAt() {
    String prefix = identifier.agencyAlias().replace('-', '/') + "/";
    boolean isOurs =
        account.identifiers().stream()
            .filter(one -> one.startsWith(prefix))
            .anyMatch(account::wasActivatedBy);
    return isOurs ? account.activatedAt() : null;
  }

  Locale locale() {
    return Locale.forLanguageTag(
        Objects.requireNonNullElse(
            account.user().getFirstAttribute(UserModel.LOCALE),
            Objects.requireNonNullElse(request.realm().getDefaultLocale(), "fr")));
  }

  void log(String action) {
    log(action, Map.of());
  }

  /**
   * Leaves an event on the account: who, what and when, no secret (specification, rule 6).
   *
   * @param details by name, among those that {@link OwnerDetails} shows
   */
  void log(String action, Map<String, String> details) {
    KeycloakSession session = request.session();
    EventBuilder event =
        new EventBuilder(request.realm(), session, session.getContext().getConnection())
            .event(EventType.UPDATE_PROFILE)
            .client(request.client())
            .user(account.user())
            .detail("action", action)
            .detail("agency", request.agency().getCodes())
            .detail("identifier", identifier.written());
    details.forEach(event::detail);
    event.success();
  }

  /** What became of a mail to an owner; of two mails, the last of these counts. */
  enum Told {
    /** A provisional account has no address that anybody has proved. */
    NOBODY,
    SENT,
    /** By a limit: the same mail has just left, or many have (specification, rule 8). */
    HELD_BACK;

    @JsonValue
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Writes to the owner of a personal account, when the transaction has committed, unless a limit
   * holds the mail back.
   *
   * @param name name of the mail, see {@link OwnerMail}
   * @param more what it shows beside the names, the identifier and the agency's help
   */
  Told tell(String name, Map<String, Object> more) {
    UserModel owner = account.user();
    if (!account.isPersonal() || owner.getEmail() == null) {
      return Told.NOBODY;
    }
    MailLimits limits = MailLimits.forAgencyMails(request.session(), request.realm());
    boolean mayLeave =
        limits.startsCooldown(account.id() + ":" + name + ":" + identifier.attributeValue())
            && limits.admitsRecipient(owner.getEmail(), account.id())
            && limits.admitsAgency(request.agency().getAlias());
    if (!mayLeave) {
      return Told.HELD_BACK;
    }
    OwnerMail mail = new OwnerMail(name, account, owner.getEmail(), locale().toLanguageTag());
    more.forEach(mail::with);
    mail.withAgency(request.agency())
        .with("ownerName", account.name())
        .with("identifier", identifier.written())
        .queue(request.session());
    return Told.SENT;
  }

  void join() {
    if (!isMember()) {
      organizations().addMember(request.agency().organization(), account.user());
    }
  }

  boolean isMember() {
    return organizations().isMember(request.agency().organization(), account.user());
  }

  /**
   * Ends what depends on contracts, if the last one has left: at this agency the membership and
   * what its applications have open (specification, rule 10), on a provisional account the pending
   * activation.
   */
  void endWithLastContract() {
    if (!account.isPersonal() && account.contracts().isEmpty()) {
      account.endPendingActivation();
    }
    if (account.contracts().stream().anyMatch(contract -> request.isOwn(contract.agency()))) {
      return;
    }
    // Keycloak deletes a managed member that it removes; ours never are, unless by other hands.
    if (!organizations().isManagedMember(request.agency().organization(), account.user())) {
      organizations().removeMember(request.agency().organization(), account.user());
    }
    if (account.isPersonal()) {
      Entitlement.endUnentitledSessions(request.session(), account);
    }
  }

  /**
   * Ends the sessions of a personal account that contracts have left: applications keep what they
   * were told at the sign-in. To be called after the transaction, because applications are called.
   */
  void endSessions() {
    RealmModel realm = request.realm();
    UserModel user = request.session().users().getUserById(realm, account.id());
    if (user != null && account.isPersonal()) {
      Sessions.endOthers(request.session(), realm, user, null);
    }
  }

  private OrganizationProvider organizations() {
    return request.session().getProvider(OrganizationProvider.class);
  }
}
