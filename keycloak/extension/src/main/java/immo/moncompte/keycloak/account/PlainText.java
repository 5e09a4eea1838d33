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
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (Character.isISOControl(character)) {
        return false;
      }
      if (Character.isSurrogate(character)) {
        boolean isPair =
            Character.isHighSurrogate(character)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!isPair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
