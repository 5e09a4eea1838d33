import immo.moncompte.keycloak.core.SlidingWindow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;

/** Answers lines {@code limit before now millis length} with whether that is within the limit. */
final class SlidingWindows {

  public static void main(String[] arguments) throws IOException {
    BufferedReader questions = new BufferedReader(new InputStreamReader(System.in));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      String[] words = line.split(" ");
      Instant moment = Instant.ofEpochMilli(Long.parseLong(words[3]));
      SlidingWindow window = SlidingWindow.at(moment, Duration.ofMillis(Long.parseLong(words[4])));
      int limit = Integer.parseInt(words[0]);
      long before = Long.parseLong(words[1]);
      long now = Long.parseLong(words[2]);
      System.out.println(window.isWithin(limit, before, now));
    }
  }
}
