package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.activation.Addresses;
import immo.moncompte.keycloak.owners.OwnerRows.Row;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists an agency's owners, and finds them by identifier, name or address. */
final class OwnerList {

  /** Identifiers looked at for one page, found or not: an answer takes well under a second. */
  private static final int MAX_LOOKED_AT = 5_000;

  private static final int LOOKED_AT_ONCE = 500;

  private static final Set<String> READ = withContacts(OwnerAccount.OF_PROGRESS);

  /** The words a question may give as a state. */
  static final Set<String> STATES =
      Stream.concat(
              Arrays.stream(Step.values()).map(Step::word),
              Stream.of("provisional", "personal", "locked"))
          .collect(Collectors.toUnmodifiableSet());

  private final AgencyRequest request;
  private final OwnerRows rows;
  private final Instant now = Instant.now();
  private final Set<String> locked;

  OwnerList(AgencyRequest request) {
    this.request = request;
    this.rows = new OwnerRows(request.session(), request.realm(), request.agency());
    this.locked = LockedNow.now(request.session(), request.realm());
  }

  /** Refuses a word that is none of {@link #STATES}; null is no word. */
  static void requireState(String state) {
    if (state != null && !STATES.contains(state)) {
      throw Refusals.badRequest(
          "state_unknown",
          "There is no such state; there are: " + String.join(", ", new TreeSet<>(STATES)));
    }
  }

  /**
   * A page of owners.
   *
   * @param search an address, found when it is the account's or the one the agency holds, whole; or
   *     words, all of which are found in the name or in the identifier, case and accents aside;
   *     null for all
   * @param state one of {@link #STATES}, or null for all
   * @param first key of the first identifier to look at, or null
   * @param most how many owners at most
   */
  OwnersPage page(String search, String state, String first, int most) {
    Predicate<Row> wanted = inState(state).and(found(search));
    List<Row> found = new ArrayList<>();
    String next = first;
    int lookedAt = 0;
    int atOnce = search == null && state == null ? most : LOOKED_AT_ONCE;
    do {
      List<Row> looked = rows.page(next, atOnce + 1, READ);
      next = looked.size() > atOnce ? looked.get(atOnce).key() : null;
      for (Row row : looked.subList(0, Math.min(looked.size(), atOnce))) {
        if (found.size() == most) {
          return page(found, row.key());
        }
        if (wanted.test(row)) {
          found.add(row);
        }
      }
      lookedAt += atOnce;
    } while (found.size() < most && next != null && lookedAt < MAX_LOOKED_AT);
    return page(found, next);
  }

  private OwnersPage page(List<Row> found, String next) {
    rows.read(found, Set.of(OwnerAccount.CONTRACTS));
    return new OwnersPage(found.stream().map(this::entry).toList(), next);
  }

  private OwnersPage.Entry entry(Row row) {
    OwnerAccount account = row.account();
    Identifier identifier = new Identifier(request.agency().getAlias(), row.key());
    Optional<Contact> contact = contact(row);
    boolean cameByMerge = account.isPersonal() && !account.wasActivatedBy(row.identifier());
    return new OwnersPage.Entry(
        contact.map(Contact::identifier).orElse(row.key()),
        account.isPersonal() ? "personal" : "provisional",
        step(row).word(),
        contact.map(Contact::name).orElse(""),
        maskedEmail(account),
        account.suggestedEmail(),
        request.contracts(account, identifier).size(),
        cameByMerge ? null : text(madeAt(account)),
        text(account.letter().madeAt()),
        text(account.letter().expires()),
        text(account.activatedAt()),
        locked.contains(account.id()),
        account.user().isEnabled());
  }

  private static Instant madeAt(OwnerAccount account) {
    Long at = account.user().getCreatedTimestamp();
    return at == null ? null : Instant.ofEpochMilli(at);
  }

  static String maskedEmail(OwnerAccount account) {
    String email = account.isPersonal() ? account.user().getEmail() : null;
    return email == null ? null : Addresses.masked(email);
  }

  private Step step(Row row) {
    return Step.of(row.account(), row.identifier(), row.isMember(), now);
  }

  private Predicate<Row> inState(String state) {
    if (state == null) {
      return row -> true;
    }
    return switch (state) {
      case "locked" -> row -> locked.contains(row.account().id());
      case "personal" -> row -> row.account().isPersonal();
      case "provisional" -> row -> !row.account().isPersonal();
      default -> row -> step(row).word().equals(state);
    };
  }

  private Predicate<Row> found(String search) {
    if (search == null || search.isBlank()) {
      return row -> true;
    }
    if (search.contains("@")) {
      String address = search.strip().toLowerCase(Locale.ROOT);
      return row -> addresses(row).anyMatch(address::equalsIgnoreCase);
    }
    List<String> words = List.of(plain(search).split(" "));
    return row -> {
      String text = plain(row.key()) + "\n" + contact(row).map(one -> plain(one.name())).orElse("");
      return words.stream().allMatch(text::contains);
    };
  }

  /** The account's own address, and the one the agency holds. */
  private Stream<String> addresses(Row row) {
    Stream<String> own =
        row.account().isPersonal()
            ? Stream.ofNullable(row.account().user().getEmail())
            : Stream.empty();
    return Stream.concat(own, contact(row).map(Contact::email).stream());
  }

  private Optional<Contact> contact(Row row) {
    Identifier identifier = new Identifier(request.agency().getAlias(), row.key());
    return request.contact(row.account(), identifier);
  }

  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static Set<String> withContacts(Set<String> names) {
    Set<String> all = new HashSet<>(names);
    all.add(OwnerAccount.CONTACTS);
    return Set.copyOf(all);
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
