package immo.moncompte.keycloak.reset;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.keycloak.credential.CredentialModel;
import org.keycloak.models.credential.WebAuthnCredentialModel;

/**
 * The passkeys of an account, shown at a reset with the offer to remove them: whoever had the
 * account for a while may have left one (spec, rule 12).
 */
final class ShownPasskeys {

  /** Keycloak's type of the credentials. */
  static final String TYPE = WebAuthnCredentialModel.TYPE_PASSWORDLESS;

  private final OwnerAccount account;

  ShownPasskeys(OwnerAccount account) {
    this.account = account;
  }

  /** What a page says of each, the oldest first. */
  List<Map<String, String>> inWords(Locale language) {
    return passkeys()
        .sorted(Comparator.comparing(CredentialModel::getCreatedDate))
        .map(passkey -> inWords(passkey, language))
        .toList();
  }

  private static Map<String, String> inWords(CredentialModel passkey, Locale language) {
    String added =
        DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
            .withLocale(language)
            .format(Instant.ofEpochMilli(passkey.getCreatedDate()).atZone(ZoneId.systemDefault()));
    String label = Objects.requireNonNullElse(passkey.getUserLabel(), "");
    return Map.of("id", passkey.getId(), "label", label, "added", added);
  }

  /**
   * Removes those of these ids that are passkeys of this account, and nothing else.
   *
   * @return the ids of those removed
   */
  List<String> remove(Collection<String> ids) {
    List<String> own = passkeys().map(CredentialModel::getId).filter(ids::contains).toList();
    own.forEach(account.user().credentialManager()::removeStoredCredentialById);
    return own;
  }

  private Stream<CredentialModel> passkeys() {
    return account.user().credentialManager().getStoredCredentialsByTypeStream(TYPE);
  }
}
