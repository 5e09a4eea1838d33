package immo.moncompte.keycloak.core;

import org.keycloak.locale.DefaultLocaleUpdaterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * Keeps the language that a visitor chooses, if the realm has it.
 *
 * <p>Keycloak itself keeps any value of {@code kc_locale}, in a cookie and on the account. A line
 * break in it ends in an error 500, and in a log line that the visitor wrote.
 */
final class RealmLanguages extends DefaultLocaleUpdaterProvider {

  private final KeycloakSession session;

  RealmLanguages(KeycloakSession session) {
    super(session);
    this.session = session;
  }

  @Override
  public void updateUsersLocale(UserModel user, String locale) {
    if (isKnown(locale)) {
      super.updateUsersLocale(user, locale);
    }
  }

  @Override
  public void updateLocaleCookie(String locale) {
    if (isKnown(locale)) {
      super.updateLocaleCookie(locale);
    }
  }

  private boolean isKnown(String locale) {
    return session.getContext().getRealm().getSupportedLocalesStream().anyMatch(locale::equals);
  }
}
