package immo.moncompte.keycloak.web;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;

/** Dates as people read them. */
public final class Dates {

  private Dates() {}

  /** The day in words: « jeudi 26 novembre 2026 ». */
  public static String day(Instant instant, Locale locale) {
    return DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL)
        .withLocale(locale)
        .withZone(ZoneId.systemDefault())
        .format(instant);
  }
}
