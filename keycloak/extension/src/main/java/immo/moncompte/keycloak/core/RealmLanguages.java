package immo.moncompte.keycloak.core;

import org.keycloak.locale.DefaultLocaleUpdaterProvider;
import org.keycloak.locale.DefaultLocaleUpdaterProviderFactory;
import org.keycloak.locale.LocaleUpdaterProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * Keeps the language that a visitor chooses, if the realm has it.
 *
 * <p>Keycloak's own class keeps any value of {@code kc_locale}, in a cookie and on the account. A
 * line break in it ends in an error 500, and in a log line that the visitor wrote.
 */
public final class RealmLanguages extends DefaultLocaleUpdaterProviderFactory {

  @Override
  public String getId() {
    return "moncompte";
  }

  /** More than 0, the order of Keycloak's own. */
  @Override
  public int order() {
    return 1;
  }

  @Override
  public LocaleUpdaterProvider create(KeycloakSession session) {
    return new DefaultLocaleUpdaterProvider(session) {
      @Override
      public void updateUsersLocale(UserModel user, String locale) {
        if (isKnown(session, locale)) {
          super.updateUsersLocale(user, locale);
        }
      }

      @Override
      public void updateLocaleCookie(String locale) {
        if (isKnown(session, locale)) {
          super.updateLocaleCookie(locale);
        }
      }
    };
  }

  private static boolean isKnown(KeycloakSession session, String locale) {
    return session.getContext().getRealm().getSupportedLocalesStream().anyMatch(locale::equals);
  }
}
