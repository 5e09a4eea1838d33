package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.OwnerAccount;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.keycloak.common.util.Base64Url;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The cookie by which a browser is known as one of an account's owner (OWASP, device cookies). Its
 * guesses are counted on their own, so a stranger's cannot lock it out (specification, rule 8).
 *
 * <p>It holds a random id for each account and a signature with the realm's key for Keycloak's own
 * cookies. The signature is over the id, the account and its password. So it names nobody, is worth
 * nothing for another account, and ends with a new password.
 */
public record DeviceCookie(KeycloakSession session, RealmModel realm) {

  private static final BrowserCookie COOKIE = new BrowserCookie("MONCOMPTE_DEVICE");
  private static final Duration LIFE = Duration.ofDays(365);
  private static final int ID_BYTES = 16;
  private static final int MAX_ACCOUNTS = 5;
  private static final int MAX_LENGTH = 1_000;

  /** What stands in the cookie for one account. */
  private record Entry(String id, String signature) {

    static Stream<Entry> parse(String text) {
      String[] parts = text.split("\\.");
      return parts.length == 2 ? Stream.of(new Entry(parts[0], parts[1])) : Stream.empty();
    }

    String text() {
      return id + "." + signature;
    }
  }

  /**
   * Makes this browser known. Each sign-in gives it a new id, so that copies of the cookie do not
   * use up its guesses.
   *
   * @param account a personal account, as it is now, whose owner has just proved to be here
   */
  public void remember(OwnerAccount account) {
    String id = Base64Url.encode(SecretGenerator.getInstance().randomBytes(ID_BYTES));
    SecretKey key = session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512).getSecretKey();
    Stream<Entry> others = entries().stream().filter(entry -> !isOf(account, entry));
    List<String> kept =
        Stream.concat(Stream.of(new Entry(id, signature(key, account, id))), others)
            .limit(MAX_ACCOUNTS)
            .map(Entry::text)
            .toList();
    COOKIE.write(session, realm, String.join("~", kept), Math.toIntExact(LIFE.toSeconds()));
  }

  /** The id of this browser for an account; empty if it is not known there. */
  public Optional<String> id(OwnerAccount account) {
    return entries().stream().filter(entry -> isOf(account, entry)).map(Entry::id).findFirst();
  }

  private List<Entry> entries() {
    String value = COOKIE.read(session);
    return value == null || value.length() > MAX_LENGTH
        ? List.of()
        : Arrays.stream(value.split("~")).limit(MAX_ACCOUNTS).flatMap(Entry::parse).toList();
  }

  private boolean isOf(OwnerAccount account, Entry entry) {
    return account.isPersonal()
        && session
            .keys()
            .getKeysStream(realm, KeyUse.SIG, Algorithm.HS512)
            .map(KeyWrapper::getSecretKey)
            .map(key -> signature(key, account, entry.id()))
            .anyMatch(right -> MessageDigest.isEqual(bytes(right), bytes(entry.signature())));
  }

  private String signature(SecretKey key, OwnerAccount account, String id) {
    String signed =
        String.join("|", "device", realm.getId(), account.id(), ProvedPassword.stamp(account), id);
    return hmac(key, signed);
  }

  private static String hmac(SecretKey key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Base64Url.encode(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
