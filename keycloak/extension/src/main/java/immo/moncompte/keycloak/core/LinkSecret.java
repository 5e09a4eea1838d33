package immo.moncompte.keycloak.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A secret of 160 random bits that stands in a link or a cookie. Only its hash is stored, so that a
 * copy of the database opens no link.
 */
public final class LinkSecret {

  private static final int BYTES = 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  private LinkSecret() {}

  public static String generate() {
    byte[] octets = new byte[BYTES];
    RANDOM.nextBytes(octets);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  public static String hash(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compares in constant time. */
  public static boolean matches(String secret, String hash) {
    if (secret == null || hash == null) {
      return false;
    }
    return MessageDigest.isEqual(
        hash(secret).getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII));
  }
}
