package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RowLock;
import immo.moncompte.keycloak.core.OwnerMail;
import immo.moncompte.keycloak.core.Sessions;
import immo.moncompte.keycloak.token.EntitledSessions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.organization.OrganizationProvider;
import org.keycloak.services.resources.admin.AdminEventBuilder;

/**
 * A request in the name of an agency, and what all its changes share: a transaction, a locked
 * account, an event, a mail to the owner.
 *
 * @param agency the agency, which the client may act for
 * @param client the client that asks, for events
 * @param adminEvent the admin event of the request
 */
record AgencyRequest(
    KeycloakSession session,
    RealmModel realm,
    Agency agency,
    ClientModel client,
    AdminEventBuilder adminEvent) {

  /** Makes a change in a transaction of its own, which has ended when this returns. */
  <T> T inTransaction(Function<AgencyRequest, T> change) {
    return RowLock.inLockedTransaction(
        session,
        List.of(),
        own -> {
          Agency sameAgency = Agency.findByAlias(own.session(), agency.getAlias()).orElseThrow();
          return change.apply(
              new AgencyRequest(own.session(), own.realm(), sameAgency, client, adminEvent));
        });
  }

  /** The identifier that was asked about, or the refusal that says the agency has none such. */
  Identifier identifier(String typed) {
    return Identifier.parse(agency.getAlias(), typed).orElseThrow(Refusals::ownerUnknown);
  }

  /** The account that holds an identifier, not locked. */
  Optional<OwnerAccount> find(Identifier identifier) {
    return HeldIdentifiers.read(session, realm, List.of(identifier)).account(identifier);
  }

  /** The account that holds an identifier, locked until the transaction ends. */
  OwnerAccount lock(Identifier identifier) {
    return HeldIdentifiers.lock(session, realm, List.of(identifier))
        .account(identifier)
        .orElseThrow(Refusals::ownerUnknown);
  }

  /** What the agency holds under an identifier of an account. */
  Optional<Contact> contact(OwnerAccount account, Identifier identifier) {
    return account.contacts().stream().filter(one -> one.isUnder(identifier)).findFirst();
  }

  /** The contracts under an identifier of an account. */
  List<Contract> contracts(OwnerAccount account, Identifier identifier) {
    return account.contracts().stream().filter(one -> one.isUnder(identifier)).toList();
  }

  /** The identifier as the agency writes it, whatever was typed. */
  Identifier written(OwnerAccount account, Identifier identifier) {
    return contact(account, identifier)
        .map(contact -> new Identifier(agency.getAlias(), contact.identifier()))
        .orElse(identifier);
  }

  boolean isOwn(String codes) {
    return codes.equalsIgnoreCase(agency.getCodes());
  }

  /**
   * Ends the membership of the agency's organization, unless a contract at the agency is left, and
   * with it what applications of that agency have open (specification, rule 10).
   */
  void endMembershipWithLastContract(OwnerAccount account) {
    if (account.contracts().stream().anyMatch(contract -> isOwn(contract.agency()))) {
      return;
    }
    OrganizationProvider organizations = session.getProvider(OrganizationProvider.class);
    // Keycloak deletes a managed member that it removes; ours never are, unless by other hands.
    if (!organizations.isManagedMember(agency.organization(), account.user())) {
      organizations.removeMember(agency.organization(), account.user());
    }
    if (account.isPersonal()) {
      EntitledSessions.endWhereNothingIsLeft(session, account);
    }
  }

  /**
   * Leaves an event on an account: who, what and when, no secret (specification, rule 6).
   *
   * @param details further details by name, among those that {@link OwnerDetails} shows
   */
  void log(
      OwnerAccount account, String action, Identifier identifier, Map<String, String> details) {
    EventBuilder event =
        new EventBuilder(realm, session, session.getContext().getConnection())
            .event(EventType.UPDATE_PROFILE)
            .client(client)
            .user(account.user())
            .detail("action", action)
            .detail("agency", agency.getCodes())
            .detail("identifier", identifier.written());
    details.forEach(event::detail);
    event.success();
  }

  /**
   * Writes to the owner of a personal account, when the transaction has committed. A provisional
   * account has no address that anybody has proved: nothing is written there.
   *
   * @param name name of the mail, see {@link OwnerMail}
   * @param more what stands in it beside names, identifier and the agency's help
   */
  void tell(OwnerAccount account, Identifier identifier, String name, Map<String, Object> more) {
    UserModel owner = account.user();
    if (!account.isPersonal() || owner.getEmail() == null) {
      return;
    }
    OwnerMail mail =
        new OwnerMail(name, account, owner.getEmail(), localeOf(account).toLanguageTag());
    more.forEach(mail::with);
    mail.withAgency(agency)
        .with("ownerName", account.name())
        .with("identifier", identifier.written())
        .queue(session);
  }

  /** The language of mails to the owner. */
  Locale localeOf(OwnerAccount account) {
    return Locale.forLanguageTag(
        Objects.requireNonNullElse(
            account.user().getFirstAttribute(UserModel.LOCALE),
            Objects.requireNonNullElse(realm.getDefaultLocale(), "fr")));
  }

  /**
   * Ends the sessions of a personal account that contracts have left: applications keep what they
   * were told at the sign-in. To be called after the transaction, because applications are called.
   */
  void endSessions(OwnerAccount before) {
    UserModel user = session.users().getUserById(realm, before.id());
    if (user != null && before.isPersonal()) {
      Sessions.endOthers(session, realm, user, null);
    }
  }

  /** One admin event for a request that changed something: which agency, what, how many. */
  void logAdmin(String what, long changed) {
    logAdmin(what, "changed", changed);
  }

  void logAdmin(String what, String counter, long changed) {
    if (changed == 0) {
      return;
    }
    adminEvent
        .operation(OperationType.ACTION)
        .resourcePath("moncompte/agencies/" + agency.getAlias() + "/" + what)
        .detail(counter, Long.toString(changed))
        .success();
  }
}
