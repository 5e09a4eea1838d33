package immo.moncompte.keycloak.account;

/** Checks the characters of a value of an owner. */
public final class PlainText {

  private PlainText() {}

  /**
   * Whether a text is free of control characters and of half surrogate pairs. A database refuses
   * NUL, mail headers and terminals act on other control characters, and no encoding can write half
   * a pair.
   */
  public static boolean is(String text) {
    return text.codePoints()
        .noneMatch(
            character ->
                Character.isISOControl(character)
                    || Character.getType(character) == Character.SURROGATE);
  }
}
