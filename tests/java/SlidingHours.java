import immo.moncompte.keycloak.core.SlidingHour;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Instant;

/** Answers lines {@code limit before now millis} with whether that is within the limit. */
final class SlidingHours {

  public static void main(String[] arguments) throws IOException {
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      String[] words = line.split(" ");
      SlidingHour hour = SlidingHour.at(Instant.ofEpochMilli(Long.parseLong(words[3])));
      int limit = Integer.parseInt(words[0]);
      long before = Long.parseLong(words[1]);
      long now = Long.parseLong(words[2]);
      System.out.println(hour.isWithin(limit, before, now));
    }
  }
}
