package immo.moncompte.keycloak.account;

import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.keycloak.crypto.JavaAlgorithm;
import org.keycloak.jose.jws.crypto.HashUtils;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OrganizationModel;
import org.keycloak.models.RealmModel;
import org.keycloak.storage.configuration.ServerConfigStorageProvider;

/**
 * The logo files of a realm's agencies, {@code 1001-01-0123456789abcdef.png}, and of its brand,
 * {@code brand-0123456789abcdef.png}.
 *
 * <p>Keycloak's table of texts stores them, and all nodes read it. An organization attribute is too
 * short (255 characters), and a realm attribute would be read at every request. The organization's
 * attribute {@code logo} and the realm's {@code moncompte.logo} name the file. The name changes
 * with the content, so browsers may keep the file for ever.
 */
public record Logos(KeycloakSession session, RealmModel realm) {

  /** Maximum size of a logo, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  /** The organization's attribute that names the file. */
  static final String ATTRIBUTE = "logo";

  /** Takes the place of the alias in the name of the brand's file. An alias has a hyphen. */
  public static final String BRAND = "brand";

  private static final String BRAND_ATTRIBUTE = "moncompte.logo";
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z0-9]{1,60}-[a-z0-9]{1,60}|brand)-[0-9a-f]{16}\\.(png|jpg)");
  private static final int DIGITS = 16;
  private static final int BEGINNING = 8;
  private static final String PNG = "89504e470d0a1a0a";
  private static final String JPEG = "ffd8ff";

  /**
   * A logo to show.
   *
   * @param type {@code image/png} or {@code image/jpeg}
   * @param content the file
   */
  public record Logo(String type, byte[] content) {}

  /** The file with this name, if there is one. */
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

  /** Names of all files of the realm. */
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
   * Sets an agency's logo in place of the one it has.
   *
   * @param content a PNG or JPEG file of at most {@link #MAX_BYTES}
   * @return the file's name; empty when the content is neither, or too large
   */
  public Optional<String> put(OrganizationModel agency, byte[] content) {
    Optional<String> name = put(agency.getAlias(), nameOf(agency), content);
    name.ifPresent(given -> setAttribute(agency, List.of(given)));
    return name;
  }

  /** Sets the brand's logo, for pages without an agency. */
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

  /** Removes an agency's logo, if it has one. */
  public void remove(OrganizationModel agency) {
    remove(nameOf(agency), null);
    if (agency.getAttributes().containsKey(ATTRIBUTE)) {
      setAttribute(agency, null);
    }
  }

  /** Removes the brand's logo, if it has one. */
  public void removeBrand() {
    remove(realm.getAttribute(BRAND_ATTRIBUTE), null);
    realm.removeAttribute(BRAND_ATTRIBUTE);
  }

  /** Removes the files of a realm that is deleted. */
  public void forgetAll() {
    names().forEach(name -> storage().remove(key(name)));
  }

  /** Removes the file of a deleted agency, whose attributes are already gone. */
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

  /** The file name in an organization's attribute, or null if it is not one of its files. */
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

  /** The type by the content, not by its name: {@code png}, {@code jpg} or null. */
  private static String endingOf(byte[] content) {
    if (content.length <= BEGINNING) {
      return null;
    }
    String beginning = HexFormat.of().formatHex(content, 0, BEGINNING);
    if (beginning.equals(PNG)) {
      return "png";
    }
    return beginning.startsWith(JPEG) ? "jpg" : null;
  }

  private static String hash(byte[] content) {
    byte[] digest = HashUtils.hash(JavaAlgorithm.SHA256, content);
    return HexFormat.of().formatHex(digest).substring(0, DIGITS);
  }

  private String key(String name) {
    return "moncompte.logo." + realm.getId() + "." + name;
  }

  private ServerConfigStorageProvider storage() {
    return session.getProvider(ServerConfigStorageProvider.class);
  }
}
