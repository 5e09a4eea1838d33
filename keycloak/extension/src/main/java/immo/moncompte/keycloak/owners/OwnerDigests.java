package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Agency;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Contract;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.StoredOwners.Stored;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Digests of what is held of an agency's owners. A file that is loaded again has the same ones, and
 * its owners need not be sent only to hear that nothing changes.
 *
 * <p>A digest is made of all that {@link OwnerLoader} compares, at the moment it is asked for;
 * nothing is kept. The same digest means that a load would change nothing. Another one, or none,
 * means nothing: the owner is sent, and {@link OwnerLoader} decides.
 */
final class OwnerDigests {

  /** Identifiers a page may have at most. */
  static final int MOST = 5_000;

  /** Identifiers read at once: an owner may have a thousand contracts. */
  private static final int AT_ONCE = 1_000;

  /** Bytes of a digest that count. */
  private static final int LENGTH = 16;

  private final Agency agency;
  private final StoredOwners owners;
  private final MessageDigest sha256;

  OwnerDigests(KeycloakSession session, RealmModel realm, Agency agency) {
    this.agency = agency;
    this.owners = new StoredOwners(session, realm, agency);
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * The digests of a page of identifiers.
   *
   * @param first key of the first identifier, or null for the agency's first
   * @param most how many identifiers, at most {@link #MOST}
   */
  DigestsPage page(String first, int most) {
    Map<String, String> digests = new HashMap<>();
    String next = first;
    int left = most;
    do {
      int now = Math.min(left, AT_ONCE);
      List<Stored> found = owners.page(next, now + 1);
      found.stream()
          .limit(now)
          .forEach(one -> digest(one).ifPresent(digest -> digests.put(one.key(), digest)));
      next = found.size() > now ? found.get(now).key() : null;
      left -= now;
    } while (next != null && left > 0);
    return new DigestsPage(digests, next);
  }

  private Optional<String> digest(Stored one) {
    return one.isPersonal()
        ? ofPersonal(one, new Identifier(agency.getAlias(), one.key()))
        : Optional.of(
            digest(
                one.lastName(),
                one.firstName(),
                one.first(OwnerAccount.SUGGESTED_EMAIL),
                one.all(OwnerAccount.CONTACTS),
                one.all(OwnerAccount.CONTRACTS)));
  }

  /** Of a personal account only what this agency holds under this identifier follows the file. */
  private Optional<String> ofPersonal(Stored one, Identifier identifier) {
    List<Contact> contacts =
        one.all(OwnerAccount.CONTACTS).stream()
            .map(Contact::ofStored)
            .filter(contact -> contact.isUnder(identifier))
            .toList();
    if (contacts.size() != 1) {
      return Optional.empty();
    }
    Contact contact = contacts.get(0);
    List<String> contracts =
        one.all(OwnerAccount.CONTRACTS).stream()
            .filter(stored -> Json.read(stored, Contract.class).isUnder(identifier))
            .toList();
    return Optional.of(
        digest(
            contact.lastName(),
            contact.firstName(),
            contact.email().toLowerCase(Locale.ROOT),
            List.of(contact.stored()),
            contracts));
  }

  /**
   * The same is made of a line of the file in {@code provisioning/digests.py}.
   *
   * @param email lower case
   * @param contacts as they are stored; so are the contracts, whose order does not count
   */
  private String digest(
      String lastName,
      String firstName,
      String email,
      List<String> contacts,
      List<String> contracts) {
    List<String> parts = new ArrayList<>(List.of(lastName, firstName, email));
    parts.addAll(contacts);
    List<String> sorted = new ArrayList<>(contracts);
    Collections.sort(sorted);
    parts.addAll(sorted);
    byte[] text = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(sha256.digest(text), 0, LENGTH);
  }
}
