package immo.moncompte.keycloak.account;

/** Characters that a value of an owner may hold. */
public final class PlainText {

  private PlainText() {}

  /**
   * Whether a text holds neither control characters (a database refuses NUL, a mail header or a
   * terminal would act on others) nor half a surrogate pair, which no encoding can write.
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
