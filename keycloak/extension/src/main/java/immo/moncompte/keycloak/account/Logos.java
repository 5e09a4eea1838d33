package immo.moncompte.keycloak.account;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.storage.configuration.ServerConfigStorageProvider;

/**
 * The logos of a realm's agencies, each a file of its own, {@code 1001-01-0123456789abcdef.png},
 * and that of the realm's brand, {@code brand-0123456789abcdef.png}.
 *
 * <p>They are kept in Keycloak's table of texts by key, which all nodes read: an attribute of an
 * organization holds 255 characters, and what stands in the realm is read with it at every request.
 * The organization's attribute {@code logo} names the file, the realm's {@code moncompte.logo}. The
 * name follows the content, so that a browser may keep the file for ever.
 */
public final class Logos {

  /** Most bytes of a logo. */
  public static final int MAX_BYTES = 64 * 1024;

  /** The organization's attribute that names the file. */
  static final String ATTRIBUTE = "logo";

  /** Stands for the realm's brand where an agency has its alias, which has a hyphen. */
  public static final String BRAND = "brand";

  private static final String BRAND_ATTRIBUTE = "moncompte.logo";
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z0-9]{1,60}-[a-z0-9]{1,60}|brand)-[0-9a-f]{16}\\.(png|jpg)");
  private static final int DIGITS = 16;
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  private final KeycloakSession session;
  private final RealmModel realm;

  public Logos(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * A logo to show.
   *
   * @param type {@code image/png} or {@code image/jpeg}
   * @param content the file
   */
  public record Logo(String type, byte[] content) {}

  /** The file of this name, if it is kept. */
  public Optional<Logo> find(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String type = matcher.group(1).equals("png") ? "image/png" : "image/jpeg";
    return storage()
        .find(key(name))
        .map(content -> new Logo(type, Base64.getDecoder().decode(content)));
  }

  /** Names of all files that are kept for the realm. */
  public List<String> names() {
    String prefix = key("");
    try (var keys = storage().keys()) {
      return keys.filter(key -> key.startsWith(prefix))
          .map(key -> key.substring(prefix.length()))
          .sorted()
          .toList();
    }
  }

  /**
   * Gives an agency this logo, in place of the one it has.
   *
   * @param content a PNG or JPEG file of at most {@link #MAX_BYTES}
   * @return the file's name; empty when the content is neither, or too large
   */
  public Optional<String> put(OrganizationModel agency, byte[] content) {
    Optional<String> name = put(agency.getAlias(), nameOf(agency), content);
    name.ifPresent(given -> setAttribute(agency, List.of(given)));
    return name;
  }

  /** The same for the realm's brand, whose pages of no agency show it. */
  public Optional<String> putBrand(byte[] content) {
    Optional<String> name = put(BRAND, realm.getAttribute(BRAND_ATTRIBUTE), content);
    name.ifPresent(given -> realm.setAttribute(BRAND_ATTRIBUTE, given));
    return name;
  }

  private Optional<String> put(String owner, String old, byte[] content) {
    String ending = endingOf(content);
    if (ending == null || content.length > MAX_BYTES) {
      return Optional.empty();
    }
    String name = owner + "-" + hash(content) + "." + ending;
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    remove(old, name);
    storage().store(key(name), Base64.getEncoder().encodeToString(content));
    return Optional.of(name);
  }

  /** Takes an agency's logo away; nothing happens when it has none. */
  public void remove(OrganizationModel agency) {
    remove(nameOf(agency), null);
    if (agency.getAttributes().containsKey(ATTRIBUTE)) {
      setAttribute(agency, null);
    }
  }

  /** Takes the brand's logo away; nothing happens when it has none. */
  public void removeBrand() {
    remove(realm.getAttribute(BRAND_ATTRIBUTE), null);
    realm.removeAttribute(BRAND_ATTRIBUTE);
  }

  /** Forgets the files of a realm that goes. */
  public void forgetAll() {
    names().forEach(name -> storage().remove(key(name)));
  }

  /** Forgets the file of an agency that goes, whose attributes are gone already. */
  public void forget(String alias) {
    names().stream()
        .filter(name -> name.startsWith(alias + "-"))
        .forEach(name -> storage().remove(key(name)));
  }

  private void remove(String old, String but) {
    if (old != null && !old.equals(but)) {
      storage().remove(key(old));
    }
  }

  /** The name that an organization says, or null when it has none that can be one of its files. */
  public static String nameOf(OrganizationModel agency) {
    List<String> values = agency.getAttributes().getOrDefault(ATTRIBUTE, List.of());
    return values.stream()
        .filter(name -> NAME.matcher(name).matches() && name.startsWith(agency.getAlias() + "-"))
        .findFirst()
        .orElse(null);
  }

  private static void setAttribute(OrganizationModel agency, List<String> values) {
    Map<String, List<String>> attributes = new HashMap<>(agency.getAttributes());
    if (values == null) {
      attributes.remove(ATTRIBUTE);
    } else {
      attributes.put(ATTRIBUTE, values);
    }
    agency.setAttributes(attributes);
  }

  /** By the content, not by what anybody says of it: {@code png}, {@code jpg} or null. */
  private static String endingOf(byte[] content) {
    if (startsWith(content, PNG)) {
      return "png";
    }
    return startsWith(content, JPEG) ? "jpg" : null;
  }

  private static boolean startsWith(byte[] content, byte[] beginning) {
    return content.length > beginning.length
        && Arrays.equals(content, 0, beginning.length, beginning, 0, beginning.length);
  }

  private static String hash(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private String key(String name) {
    return "moncompte.logo." + realm.getId() + "." + name;
  }

  private ServerConfigStorageProvider storage() {
    return session.getProvider(ServerConfigStorageProvider.class);
  }
}
