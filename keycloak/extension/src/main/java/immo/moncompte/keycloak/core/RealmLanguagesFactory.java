package immo.moncompte.keycloak.core;

import org.keycloak.locale.DefaultLocaleUpdaterProviderFactory;
import org.keycloak.locale.LocaleUpdaterProvider;
import org.keycloak.models.KeycloakSession;

/** Has Keycloak use {@link RealmLanguages} in place of its own class. */
public final class RealmLanguagesFactory extends DefaultLocaleUpdaterProviderFactory {

  @Override
  public String getId() {
    return "moncompte";
  }

  @Override
  public LocaleUpdaterProvider create(KeycloakSession session) {
    return new RealmLanguages(session);
  }

  /** More than 0, the order of Keycloak's own. */
  @Override
  public int order() {
    return 1;
  }
}
