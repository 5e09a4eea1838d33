import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the list of passwords that are refused because they are too common in France.
 *
 * <p>A policy that asks for four kinds of characters makes a list of "123456" and "motdepasse"
 * useless: people answer it with a word they know, a capital in front, a number and a sign behind
 * ("Marseille13!"). So the list is words times those endings. Keycloak compares without case, hence
 * lower case here.
 *
 * <p>Run by the Maven build with what the JDK has: {@code java Blocklist.java WORDS_FOLDER LIST}.
 * Each file of the folder holds words separated by blanks, {@code #} begins a comment; {@code
 * favourites.txt} gets more endings.
 */
public final class Blocklist {

  private static final String FAVOURITES = "favourites.txt";
  private static final int SHORTEST = 6;

  private static final List<String> USUAL_NUMBERS =
      words("0 1 2 3 7 01 10 12 13 75 123 1234 2024 2025 2026");
  private static final List<String> USUAL_SIGNS = words("! . * @ ?");
  private static final List<String> USUAL_JOINTS = words("@ . -");

  private static final List<String> MANY_NUMBERS =
      Stream.of(
              words("000 007 111 123 222 321 333 444 555 666 777 888 999 1234 12345 123456"),
              numbers(0, 9, "%d"),
              numbers(0, 99, "%02d"),
              numbers(1950, 2030, "%d"))
          .flatMap(List::stream)
          .toList();
  private static final List<String> MANY_SIGNS = words("! . * @ ? - _ $ # !!");

  private final Set<String> list = new TreeSet<>();

  private Blocklist() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("usage: java Blocklist.java WORDS_FOLDER LIST");
      System.exit(2);
    }
    Blocklist blocklist = new Blocklist();
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".txt")).sorted().toList()) {
        blocklist.addAll(file);
      }
    }
    blocklist.write(Path.of(arguments[1]));
  }

  private void addAll(Path file) throws IOException {
    boolean favourites = file.getFileName().toString().equals(FAVOURITES);
    Consumer<String> adding = favourites ? this::addFavourite : this::addUsual;
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      lines
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> words(line).stream())
          .flatMap(Blocklist::spellings)
          .forEach(adding);
    }
  }

  /** A word as it is spelt and as it is typed: without accents, and with its parts run together. */
  private static Stream<String> spellings(String word) {
    String lower = Normalizer.normalize(word, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    return Stream.of(lower, lower.replaceAll("[-']", ""))
        .flatMap(spelling -> Stream.of(spelling, withoutAccents(spelling)))
        .distinct();
  }

  private static String withoutAccents(String word) {
    return Normalizer.normalize(word.replace("œ", "oe"), Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "");
  }

  private void addUsual(String word) {
    add(word);
    USUAL_SIGNS.forEach(sign -> add(word + sign));
    for (String number : USUAL_NUMBERS) {
      add(word + number);
      USUAL_SIGNS.forEach(sign -> add(word + number + sign));
      USUAL_JOINTS.forEach(joint -> add(word + joint + number));
    }
  }

  private void addFavourite(String word) {
    addUsual(word);
    disguises(word).forEach(this::addUsual);
    for (String number : MANY_NUMBERS) {
      add(word + number);
      add(number + word);
      add(number + word + "!");
      MANY_SIGNS.forEach(sign -> add(word + number + sign));
      USUAL_JOINTS.forEach(joint -> add(word + joint + number));
    }
  }

  /** "P@ssw0rd": a word with signs that stand for some of its letters. */
  private static Stream<String> disguises(String word) {
    String vowels = word.replace('a', '@').replace('o', '0');
    String all = vowels.replace('e', '3').replace('i', '1').replace('s', '$');
    return Stream.of(word.replace('a', '@'), word.replace('o', '0'), vowels, all).distinct();
  }

  /** A shorter one is refused by any policy. */
  private void add(String password) {
    if (password.length() >= SHORTEST) {
      list.add(password);
    }
  }

  private void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    try (PrintStream out =
        new PrintStream(Files.newOutputStream(beside), false, StandardCharsets.UTF_8)) {
      list.forEach(password -> out.print(password + "\n"));
      if (out.checkError()) {
        throw new IOException("cannot write " + beside);
      }
    }
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> words(String line) {
    return Arrays.stream(line.split("\\s+"))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toList());
  }

  private static List<String> numbers(int first, int last, String format) {
    return IntStream.rangeClosed(first, last).mapToObj(format::formatted).toList();
  }
}
