package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * A mail to the owner of an account. The mail {@code address-changed} has the template {@code
 * address-changed.ftl} and the subject {@code addressChangedSubject} of the email theme.
 */
public final class OwnerMail {
  private static final Pattern NEXT_WORD = Pattern.compile("-(.)");

  private final String name;
  private final String userId;
  private final String address;
  private final String locale;
  private final Map<String, Object> values = new HashMap<>();

  /**
   * A mail to any address.
   *
   * @param account whose name and language preferences the mail uses
   * @param locale language tag of the mail
   */
  public OwnerMail(String name, OwnerAccount account, String address, String locale) {
    this.name = name;
    this.userId = account.id();
    this.address = address;
    this.locale = locale;
  }

  /** A mail to the address of the account, in the owner's language. */
  public OwnerMail(KeycloakSession session, String name, OwnerAccount account) {
    this(
        name,
        account,
        account.user().getEmail(),
        session.getContext().resolveLocale(account.user()).toLanguageTag());
  }

  /** The same mail to the same address, about another account. */
  public OwnerMail about(OwnerAccount other) {
    OwnerMail mail = new OwnerMail(name, other, address, locale);
    mail.values.putAll(values);
    return mail;
  }

  public OwnerMail with(String key, Object value) {
    values.put(key, value);
    return this;
  }

  /** Names the agency, and says how to reach it. */
  public OwnerMail withAgency(Agency agency) {
    return with("agencyName", agency.getName())
        .with("agencyPhone", Objects.requireNonNullElse(agency.getPhone(), ""))
        .with("agencyEmail", Objects.requireNonNullElse(agency.getEmail(), ""));
  }

  public OwnerMail withLink(String link, Duration lifetime) {
    return with("link", link).with("linkHours", lifetime.toHours());
  }

  /** Sends the mail once the transaction of the session has committed. */
  public void queue(KeycloakSession session) {
    MailQueue.afterCommit(session, name, this::send);
  }

  /**
   * Sends the mail now, unless the account has gone.
   *
   * @throws IllegalStateException when the mail server does not take it
   */
  public void send(KeycloakSession session) {
    RealmModel realm = session.getContext().getRealm();
    UserModel user = session.users().getUserById(realm, userId);
    if (user == null) {
      return;
    }
    session.setAttribute(LocaleSelectorProvider.USER_REQUEST_LOCALE, locale);
    EmailTemplateProvider templates = session.getProvider(EmailTemplateProvider.class);
    try {
      templates.setRealm(realm).setUser(user).send(subjectKey(), name + ".ftl", values, address);
    } catch (EmailException e) {
      throw new IllegalStateException("The mail " + name + " could not be sent", e);
    }
  }

  private String subjectKey() {
    return NEXT_WORD.matcher(name).replaceAll(next -> next.group(1).toUpperCase(Locale.ROOT))
        + "Subject";
  }
}
