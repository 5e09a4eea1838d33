package immo.moncompte.keycloak.activation;

import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.account.RealmSettings;
import immo.moncompte.keycloak.agency.Agency;
import immo.moncompte.keycloak.mail.MailQueue;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The mails of an activation. Which one an address gets is decided after the answer has left. */
final class ActivationMails {

  private final KeycloakSession session;
  private final RealmModel realm;

  ActivationMails(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * M1, or when the address is a personal account's already, the mail that says what to do: nothing
   * on the screens tells the two cases apart (spec, rule 5).
   */
  void sendLink(
      OwnerAccount account,
      String writtenIdentifier,
      Agency agency,
      PendingActivation pending,
      String link,
      String loginUrl) {
    String userId = account.id();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("agencyName", agency.getName());
    attributes.put("identifier", writtenIdentifier);
    attributes.put("ownerName", account.name());
    attributes.put("link", link);
    attributes.put("linkHours", new RealmSettings(realm).verificationLinkLifetime().toHours());
    Map<String, Object> takenAttributes = new HashMap<>();
    takenAttributes.put("agencyName", agency.getName());
    takenAttributes.put("loginUrl", loginUrl);
    MailQueue.afterCommit(
        session,
        realm.getId(),
        own -> {
          RealmModel ownRealm = own.getContext().getRealm();
          Optional<OwnerAccount> taken = OwnerAccount.findPersonal(own, ownRealm, pending.email());
          if (taken.isPresent()) {
            send(
                own,
                taken.get(),
                pending,
                "activationAddressTakenSubject",
                "activation-address-taken.ftl",
                takenAttributes,
                pending.email());
            return;
          }
          OwnerAccount recipient = owner(own, ownRealm, userId);
          if (recipient == null) {
            return;
          }
          send(
              own,
              recipient,
              pending,
              "activationSubject",
              "activation.ftl",
              attributes,
              pending.email());
        });
  }

  /** Tells the address the agency suggested that another one was chosen (spec, rule 2). */
  void tellSuggestedAddress(
      OwnerAccount account,
      String writtenIdentifier,
      Agency agency,
      PendingActivation pending,
      String suggested) {
    String userId = account.id();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("agencyName", agency.getName());
    attributes.put("identifier", writtenIdentifier);
    attributes.put("maskedAddress", Addresses.masked(pending.email()));
    attributes.put("agencyPhone", Objects.requireNonNullElse(agency.getPhone(), ""));
    attributes.put("agencyEmail", Objects.requireNonNullElse(agency.getEmail(), ""));
    MailQueue.afterCommit(
        session,
        realm.getId(),
        own -> {
          OwnerAccount recipient = owner(own, own.getContext().getRealm(), userId);
          if (recipient == null) {
            return;
          }
          send(
              own,
              recipient,
              pending,
              "activationOtherAddressSubject",
              "activation-other-address.ftl",
              attributes,
              suggested);
        });
  }

  private static OwnerAccount owner(KeycloakSession own, RealmModel realm, String userId) {
    return Optional.ofNullable(own.users().getUserById(realm, userId))
        .map(OwnerAccount::of)
        .orElse(null);
  }

  private static void send(
      KeycloakSession own,
      OwnerAccount recipient,
      PendingActivation pending,
      String subjectKey,
      String template,
      Map<String, Object> attributes,
      String address)
      throws EmailException {
    own.setAttribute(LocaleSelectorProvider.USER_REQUEST_LOCALE, pending.locale());
    own.getProvider(EmailTemplateProvider.class)
        .setRealm(own.getContext().getRealm())
        .setUser(recipient.user())
        .send(subjectKey, template, new HashMap<>(attributes), address);
  }
}
