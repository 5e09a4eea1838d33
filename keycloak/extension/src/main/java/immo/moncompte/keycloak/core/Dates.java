package immo.moncompte.keycloak.core;

import immo.moncompte.keycloak.account.RealmSettings;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.Locale;
import org.keycloak.models.RealmModel;

/**
 * Dates and times as owners read them: in the time zone of their realm.
 *
 * @param language the reader's
 */
public record Dates(RealmModel realm, Locale language) {

  /** « jeudi 26 novembre 2026 ». */
  public String weekday(Instant instant) {
    return written(DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL), instant);
  }

  /** « 26 novembre 2026 ». */
  public String day(Instant instant) {
    return written(DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG), instant);
  }

  /** « 26 novembre 2026 08:41 (heure d’Europe centrale) ». */
  public String moment(Instant instant) {
    DateTimeFormatterBuilder moment =
        new DateTimeFormatterBuilder()
            .appendLocalized(FormatStyle.LONG, FormatStyle.SHORT)
            .appendPattern(" (vvvv)");
    return written(moment.toFormatter(language), instant);
  }

  private String written(DateTimeFormatter format, Instant instant) {
    return format.withLocale(language).withZone(RealmSettings.timeZone(realm)).format(instant);
  }
}
