package immo.moncompte.keycloak.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.keycloak.common.util.Base64Url;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.crypto.JavaAlgorithm;
import org.keycloak.jose.jws.crypto.HashUtils;

/**
 * A secret of 160 random bits that stands in a link or a cookie. Only its hash is stored, so that a
 * copy of the database opens no link.
 */
public final class LinkSecret {
  private static final int BYTES = 20;

  /** What {@link #generate} makes. */
  static final String FORM = "[A-Za-z0-9_-]{27}";

  private LinkSecret() {}

  public static String generate() {
    return Base64Url.encode(SecretGenerator.getInstance().randomBytes(BYTES));
  }

  /** Whether a text looks like a secret; null does not. */
  static boolean isOne(String text) {
    return text != null && text.matches(FORM);
  }

  public static String hash(String secret) {
    byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(HashUtils.hash(JavaAlgorithm.SHA256, octets));
  }

  /** Compares in constant time. */
  public static boolean matches(String secret, String hash) {
    return secret != null
        && hash != null
        && MessageDigest.isEqual(
            hash(secret).getBytes(StandardCharsets.US_ASCII),
            hash.getBytes(StandardCharsets.US_ASCII));
  }
}
