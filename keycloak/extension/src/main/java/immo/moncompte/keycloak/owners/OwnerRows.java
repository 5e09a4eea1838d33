package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.AgencyCodes;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.Json;
import immo.moncompte.keycloak.account.OwnerAccount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.keycloak.models.UserModel;
import org.keycloak.storage.adapter.InMemoryUserAdapter;

/**
 * An agency's owners, read in pages. A page is one query, and costs the same wherever it begins: a
 * range of Keycloak's index over the names and values of attributes.
 *
 * <p>That a row is of this realm is asked row by row ({@code exists}): H2 would otherwise go
 * through all users of the realm for each page.
 */
final class OwnerRows {

  /** Contacts that a search reads at a time, and for one answer. */
  private static final int CONTACTS_AT_ONCE = 5_000;

  private static final int MAX_CONTACTS = 200_000;

  private static final String OF_REALM =
      " and exists (select 1 from {user_entity} o where o.id = a.user_id and o.realm_id = ?)";

  private static final String ROWS =
      "select p.value, u.id, u.username, u.first_name, u.last_name, u.email, u.enabled,"
          + " u.created_timestamp, m.user_id, x.name, coalesce(x.value, x.long_value) from (%s) p"
          + " left join {user_entity} u on u.id = p.user_id"
          + " left join {user_group_membership} m on m.user_id = p.user_id and m.group_id = ?"
          + " left join {user_attribute} x on x.user_id = p.user_id and x.name = any(?)"
          + " order by p.value";

  private static final String PAGE =
      "select a.value, a.user_id from {user_attribute} a"
          + " where a.name = ? and a.value >= ? and a.value < ?"
          + OF_REALM
          + "%s order by a.name, a.value fetch first %d rows only";

  private static final String OF_IDENTIFIERS =
      "select a.value, a.user_id from {user_attribute} a where a.name = ? and a.value = any(?)"
          + OF_REALM;

  /**
   * Values of more than 255 characters are in another column. Other realms may have an agency of
   * the same codes, so each contact is asked for its realm.
   */
  private static final String CONTACTS =
      "select c.text from (select * from (select a.value as text from {user_attribute} a"
          + " where a.name = ? and a.value >= ? and a.value < ?"
          + OF_REALM
          + " order by a.name, a.value fetch first %1$d rows only) s"
          + " union all select * from (select a.long_value as text from {user_attribute} a"
          + " where a.name = ? and a.value is null and a.long_value >= ? and a.long_value < ?"
          + OF_REALM
          + " order by a.long_value fetch first %1$d rows only) l) c"
          + " order by c.text fetch first %1$d rows only";

  private final AgencyRequest request;
  private final String prefix;
  private final String group;

  OwnerRows(AgencyRequest request) {
    this.request = request;
    this.prefix = AgencyCodes.ofAlias(request.agency().getAlias()).orElseThrow() + "/";
    this.group = new OwnerStore(request).organizationGroup();
  }

  /**
   * One identifier and the account that holds it.
   *
   * @param owner as far as it has been read, not to be changed; the identifier as it is compared
   * @param isMember whether the account belongs to the agency still
   */
  record Row(AgencyOwner owner, boolean isMember) {

    /** Where a page may begin: the identifier, {@code p00012}. */
    String key() {
      return owner.identifier().written();
    }
  }

  /** A page, and where the next one begins; null when there is none. */
  record Page(List<Row> rows, String next) {}

  /** A condition on {@code a.user_id} in SQL, which begins with " and"; empty for all owners. */
  record Condition(String sql, Object... parameters) {

    static final Condition NONE = new Condition("");
  }

  /** The condition that the account has left the agency. */
  Condition noMember() {
    return new Condition(
        " and not exists (select 1 from {user_group_membership} g where g.user_id = a.user_id"
            + " and g.group_id = ?)",
        group);
  }

  /**
   * A page of identifiers, in their order.
   *
   * @param first where it begins, or null
   * @param attributes which attributes of the accounts are read
   */
  Page page(String first, int most, Condition condition, Set<String> attributes) {
    String from = prefix + Objects.requireNonNullElse(first, "");
    String end = prefix.substring(0, prefix.length() - 1) + "0"; // what follows the slash
    List<Object> parameters =
        new ArrayList<>(List.of(OwnerAccount.IDENTIFIERS, from, end, request.realm().getId()));
    parameters.addAll(List.of(condition.parameters()));
    List<Row> rows = read(PAGE.formatted(condition.sql(), most + 1), parameters, attributes);
    return rows.size() > most
        ? new Page(rows.subList(0, most), rows.get(most).key())
        : new Page(rows, null);
  }

  /**
   * Owners whose contact is wanted, in the order in which the agency writes their identifiers. It
   * goes through all contacts of the agency: no index knows words without accents.
   *
   * @param wanted asked of contacts as they are held; the attributes contain them
   * @param most how many at most; fewer do not mean that there are no more
   */
  Page search(Predicate<Contact> wanted, String first, int most, Set<String> attributes) {
    List<Contact> found = new ArrayList<>();
    String next = first;
    for (int read = 0; read < MAX_CONTACTS; read += CONTACTS_AT_ONCE) {
      List<Contact> contacts = contacts(next, CONTACTS_AT_ONCE + 1);
      for (Contact contact : contacts.subList(0, Math.min(CONTACTS_AT_ONCE, contacts.size()))) {
        if (found.size() == most) {
          return new Page(of(found, wanted, attributes), contact.identifier());
        }
        if (wanted.test(contact)) {
          found.add(contact);
        }
      }
      if (contacts.size() <= CONTACTS_AT_ONCE) {
        return new Page(of(found, wanted, attributes), null);
      }
      next = contacts.get(CONTACTS_AT_ONCE).identifier();
    }
    return new Page(of(found, wanted, attributes), next);
  }

  private List<Contact> contacts(String first, int most) {
    String begin = "[" + Json.write(request.agency().getCodes());
    String from = begin + "," + (first == null ? "" : Json.write(first));
    String end = begin + "-"; // what follows the comma
    List<Contact> contacts = new ArrayList<>();
    sql()
        .read(
            CONTACTS.formatted(most),
            row -> contacts.add(Contact.ofStored(row.getString(1))),
            OwnerAccount.CONTACTS,
            from,
            end,
            request.realm().getId(),
            OwnerAccount.CONTACTS,
            from,
            end,
            request.realm().getId());
    return contacts;
  }

  /** The owners of contacts. */
  private List<Row> of(List<Contact> contacts, Predicate<Contact> wanted, Set<String> attributes) {
    List<String> identifiers =
        contacts.stream().map(one -> identifier(one.identifier()).attributeValue()).toList();
    List<Row> rows =
        read(
            OF_IDENTIFIERS,
            List.of(OwnerAccount.IDENTIFIERS, identifiers, request.realm().getId()),
            attributes);
    return rows.stream().filter(row -> row.owner().contact().filter(wanted).isPresent()).toList();
  }

  private Identifier identifier(String written) {
    return new Identifier(request.agency().getAlias(), written);
  }

  private List<Row> read(String page, List<?> parameters, Set<String> attributes) {
    Map<String, Row> rows = new LinkedHashMap<>();
    List<Object> all = new ArrayList<>(parameters);
    all.add(group);
    all.add(attributes);
    sql()
        .read(
            ROWS.formatted(page),
            found -> {
              String identifier = found.getString(1);
              if (!rows.containsKey(identifier)) {
                rows.put(identifier, row(found));
              }
              if (found.getString(10) != null) {
                UserModel user = rows.get(identifier).owner().account().user();
                add(user, found.getString(10), found.getString(11));
              }
            },
            all.toArray());
    return List.copyOf(rows.values());
  }

  private Row row(ResultSet found) throws SQLException {
    String key = found.getString(1).substring(prefix.length());
    UserModel user =
        new InMemoryUserAdapter(request.session(), request.realm(), found.getString(2));
    user.setUsername(found.getString(3));
    user.setFirstName(found.getString(4));
    user.setLastName(found.getString(5));
    user.setEmail(found.getString(6));
    user.setEnabled(found.getBoolean(7));
    user.setCreatedTimestamp(found.getLong(8));
    return new Row(
        new AgencyOwner(request, new OwnerAccount(user), identifier(key)),
        found.getString(9) != null);
  }

  private static void add(UserModel user, String name, String value) {
    user.setAttribute(
        name, Stream.concat(user.getAttributeStream(name), Stream.of(value)).toList());
  }

  private ManyRows sql() {
    return ManyRows.of(request.session());
  }
}
