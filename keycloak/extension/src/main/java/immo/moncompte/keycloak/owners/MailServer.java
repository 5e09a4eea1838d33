package immo.moncompte.keycloak.owners;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailSenderProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The mail server of a realm, tried out for the operator. */
final class MailServer {

  private static final int PATIENCE = 10_000; // milliseconds
  private static final String SUBJECT = "moncompte check";
  private static final String TEXT =
      "Ce message montre que le serveur de messagerie du domaine « %s » accepte les envois.\n\n"
          + "This message shows that the mail server of the realm \"%s\" takes mail.\n";

  private final KeycloakSession session;
  private final RealmModel realm;

  /** The mail server that the settings of the realm name. */
  public MailServer(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * Connects, and waits for the greeting (RFC 5321, 4.3.1) where the connection begins in clear.
   *
   * @throws IOException when nobody answers, or not as a mail server does
   */
  public void connect() throws IOException {
    Map<String, String> settings = realm.getSmtpConfig();
    boolean encrypted = "true".equals(settings.get("ssl"));
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE);
      socket.connect(
          new InetSocketAddress(settings.getOrDefault("host", ""), port(settings)), PATIENCE);
      if (!encrypted) {
        greeted(socket);
      }
    }
  }

  /**
   * Sends a mail that says what it is for.
   *
   * @param address where it goes
   * @throws EmailException when the mail server does not take it
   */
  public void send(String address) throws EmailException {
    session
        .getProvider(EmailSenderProvider.class)
        .send(realm.getSmtpConfig(), address, SUBJECT, text(), null);
  }

  private String text() {
    return TEXT.formatted(realm.getName(), realm.getName());
  }

  private static int port(Map<String, String> settings) throws ProtocolException {
    try {
      return Integer.parseInt(settings.getOrDefault("port", "25"));
    } catch (NumberFormatException e) {
      throw new ProtocolException("the port is no number");
    }
  }

  private static void greeted(Socket socket) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String greeting = lines.readLine();
    if (greeting == null || !greeting.startsWith("220")) {
      throw new ProtocolException("no greeting of a mail server");
    }
    socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
  }
}
