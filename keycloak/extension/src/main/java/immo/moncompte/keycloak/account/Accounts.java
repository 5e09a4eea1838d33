package immo.moncompte.keycloak.account;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Finds owners' accounts. */
public final class Accounts {

  /** Attribute that holds the ids of the accounts merged into this one. */
  private static final String FORMER_IDS = "former_ids";

  private Accounts() {}

  /** The provisional account of an identifier, enabled or not, expired or not. */
  public static Optional<OwnerAccount> findProvisional(
      KeycloakSession session, RealmModel realm, Identifier identifier) {
    return Optional.ofNullable(session.users().getUserByUsername(realm, identifier.username()))
        .map(OwnerAccount::new)
        .or(() -> findByIdentifier(session, realm, identifier))
        .filter(account -> !account.isPersonal());
  }

  /**
   * The account that holds an identifier, whether it was activated or not: the one so written, or
   * else the only one of the same bare form (specification, rule 15).
   */
  public static Optional<OwnerAccount> findByIdentifier(
      KeycloakSession session, RealmModel realm, Identifier typed) {
    return find(session, realm, OwnerAccount.IDENTIFIERS, typed.attributeValue())
        .findFirst()
        .or(() -> findAlike(session, realm, typed));
  }

  private static Optional<OwnerAccount> findAlike(
      KeycloakSession session, RealmModel realm, Identifier typed) {
    Map<String, OwnerAccount> alike =
        Stream.of(OwnerAccount.IDENTIFIERS, IdentifierKeys.ATTRIBUTE)
            .flatMap(attribute -> find(session, realm, attribute, typed.bareValue()))
            .collect(Collectors.toMap(OwnerAccount::id, one -> one, (one, same) -> one));
    return alike.size() == 1
        ? alike.values().stream()
            .filter(one -> new IdentifierKeys(one).meant(typed).isPresent())
            .findFirst()
        : Optional.empty();
  }

  private static Stream<OwnerAccount> find(
      KeycloakSession session, RealmModel realm, String attribute, String value) {
    return session
        .users()
        .searchForUserByUserAttributeStream(realm, attribute, value)
        .map(OwnerAccount::new);
  }

  /** The account of an id, or the one it was merged into. */
  public static Optional<OwnerAccount> findPresent(
      KeycloakSession session, RealmModel realm, String id) {
    return Optional.ofNullable(session.users().getUserById(realm, id))
        .or(
            () ->
                session
                    .users()
                    .searchForUserByUserAttributeStream(realm, FORMER_IDS, id)
                    .findFirst())
        .map(OwnerAccount::new);
  }

  /** The personal account of an address, which is proved: an unverified one is nobody's. */
  public static Optional<OwnerAccount> findPersonal(
      KeycloakSession session, RealmModel realm, String email) {
    return Optional.ofNullable(session.users().getUserByEmail(realm, email))
        .map(OwnerAccount::new)
        .filter(account -> account.isPersonal() && account.user().isEmailVerified());
  }

  /**
   * Gives the dispute links of an account that is merged into another to that one: their readers
   * can still dispute. The links name the former account, hence its id is kept.
   */
  public static void moveDisputes(OwnerAccount former, OwnerAccount survivor) {
    former.links().all().stream()
        .filter(link -> link.kind() == MailLink.Kind.DISPUTE)
        .forEach(survivor.links()::add);
    List<String> ids =
        Stream.of(
                survivor.user().getAttributeStream(FORMER_IDS),
                former.user().getAttributeStream(FORMER_IDS),
                Stream.of(former.id()))
            .flatMap(Function.identity())
            .toList();
    survivor.user().setAttribute(FORMER_IDS, ids);
  }
}
