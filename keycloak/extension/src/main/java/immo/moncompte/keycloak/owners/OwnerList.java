package immo.moncompte.keycloak.owners;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import immo.moncompte.keycloak.account.Contact;
import immo.moncompte.keycloak.account.EmailAddress;
import immo.moncompte.keycloak.account.Identifier;
import immo.moncompte.keycloak.account.KeptLinks;
import immo.moncompte.keycloak.account.Letter;
import immo.moncompte.keycloak.account.OwnerAccount;
import immo.moncompte.keycloak.owners.OwnerRows.Condition;
import immo.moncompte.keycloak.owners.OwnerRows.Row;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists an agency's owners, and finds them by identifier, name or address. */
final class OwnerList {

  /** Identifiers read for one answer, found or not: it takes well under a second. */
  private static final int MAX_READ = 5_000;

  private static final int READ_AT_ONCE = 500;

  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private static final Set<String> ATTRIBUTES = attributes();

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
    this.rows = new OwnerRows(request);
    this.locked = LockedNow.now(request.session(), request.realm());
  }

  /**
   * A page, in the order of the identifiers. What is not there is null, not left out.
   *
   * @param next where the next page begins; null when there is none. A page that looks for
   *     something may hold nothing and still have a next one.
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Page(List<Entry> owners, String next) {}

  /**
   * One identifier, as the agency writes it.
   *
   * @param state provisional or personal
   * @param step see {@link Step}
   * @param suggestedEmail the agency's own address for a provisional account; else null
   * @param contracts how many contracts stand under the identifier
   * @param loadedAt when the account was made; null when the identifier came to it by a merge
   * @param letterAt when its letter was made; null when it was not, or has served
   * @param expires until when the letter works; null for a personal account
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @JsonNaming(SnakeCaseStrategy.class)
  record Entry(
      String identifier,
      String state,
      String step,
      String name,
      String maskedEmail,
      String suggestedEmail,
      int contracts,
      String loadedAt,
      String letterAt,
      String expires,
      String activatedAt,
      boolean locked,
      boolean enabled) {}

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
   * @param search the address that the agency holds, whole; or words, all of which are found in the
   *     name or in the identifier, case and accents aside; null for all
   * @param state one of {@link #STATES}, or null for all
   * @param first {@code next} of the page before, or null
   */
  Page page(String search, String state, String first, int most) {
    boolean isSearch = search != null && !search.isBlank();
    int atOnce = state == null ? most : Math.max(most, READ_AT_ONCE);
    List<Row> found = new ArrayList<>();
    String next = first;
    int read = 0;
    do {
      OwnerRows.Page page =
          isSearch
              ? rows.search(isFound(search), next, most - found.size(), ATTRIBUTES)
              : rows.page(next, atOnce, roughly(state), ATTRIBUTES);
      next = page.next();
      for (Row row : page.rows()) {
        if (found.size() == most) {
          return page(found, row.key());
        }
        if (isIn(state, row)) {
          found.add(row);
        }
      }
      read += page.rows().size();
    } while (found.size() < most && next != null && read < MAX_READ);
    return page(found, next);
  }

  private Page page(List<Row> found, String next) {
    return new Page(found.stream().map(this::entry).toList(), next);
  }

  private Entry entry(Row row) {
    AgencyOwner owner = row.owner();
    OwnerAccount account = owner.account();
    boolean cameByMerge =
        account.isPersonal() && !account.wasActivatedBy(owner.identifier().attributeValue());
    return new Entry(
        owner.contact().map(Contact::identifier).orElse(row.key()),
        owner.state(),
        step(row).word(),
        owner.name(),
        owner.maskedEmail(),
        EmailAddress.shown(account.suggestedEmail()),
        owner.contracts().size(),
        cameByMerge ? null : Instant.ofEpochMilli(account.user().getCreatedTimestamp()).toString(),
        text(account.letter().madeAt()),
        text(account.letter().expires()),
        text(owner.activatedAt()),
        locked.contains(account.id()),
        account.user().isEnabled());
  }

  private Step step(Row row) {
    return Step.of(row.owner(), row.isMember(), now);
  }

  private boolean isIn(String state, Row row) {
    if (state == null) {
      return true;
    }
    return switch (state) {
      case "locked" -> locked.contains(row.owner().account().id());
      case "personal" -> row.owner().account().isPersonal();
      case "provisional" -> !row.owner().account().isPersonal();
      default -> step(row).word().equals(state);
    };
  }

  /**
   * A condition that all owners in a state meet and few others, so that the database passes over
   * the rest. {@link Step} decides.
   */
  private Condition roughly(String state) {
    if (state == null) {
      return Condition.NONE;
    }
    return switch (state) {
      case "personal", "active", "merged" -> has(OwnerAccount.ACTIVATED_AT);
      case "waiting" -> has(KeptLinks.LINKS);
      case "started" -> has(Letter.STARTED_AT);
      case "letter" -> has(Letter.MADE_AT);
      case "locked" -> new Condition(" and a.user_id = any(?)", locked);
      case "disabled" ->
          new Condition(
              " and exists (select 1 from {user_entity} d where d.id = a.user_id and not d.enabled)");
      case "expired" ->
          new Condition(
              " and not exists (select 1 from {user_attribute} e where e.user_id = a.user_id"
                  + " and e.name = ? and e.value > ?)",
              Letter.EXPIRES,
              Long.toString(now.getEpochSecond()));
      case "ended" -> rows.noMember();
      default -> Condition.NONE;
    };
  }

  private static Condition has(String attribute) {
    return new Condition(
        " and exists (select 1 from {user_attribute} h where h.user_id = a.user_id"
            + " and h.name = ?)",
        attribute);
  }

  /** What the agency holds is asked, and nothing else (specification, rule 10). */
  private static Predicate<Contact> isFound(String search) {
    if (search.contains("@")) {
      Optional<String> address = EmailAddress.parse(search);
      return contact -> address.filter(contact.email()::equals).isPresent();
    }
    List<String> words = List.of(plain(search).split(" "));
    String identifier = Identifier.bare(search);
    return contact -> {
      String text = plain(contact.identifier()) + "\n" + plain(contact.name());
      return words.stream().allMatch(text::contains)
          || Identifier.bare(contact.identifier()).equals(identifier);
    };
  }

  private static String plain(String text) {
    String letters = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
    return SPACES.matcher(letters.toLowerCase(Locale.ROOT)).replaceAll(" ").strip();
  }

  private static Set<String> attributes() {
    Set<String> all = new HashSet<>(OwnerAccount.OF_PROGRESS);
    all.add(OwnerAccount.CONTACTS);
    all.add(OwnerAccount.CONTRACTS);
    all.add(OwnerAccount.IDENTIFIERS);
    return Set.copyOf(all);
  }

  private static String text(Object value) {
    return Objects.toString(value, null);
  }
}
