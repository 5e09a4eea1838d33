package immo.moncompte.keycloak.owners;

import immo.moncompte.keycloak.core.MailQueue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.keycloak.Config;
import org.keycloak.common.Profile;
import org.keycloak.common.Version;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailSenderProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * What {@code moncompte check} asks of the node that answers: {@code
 * /admin/realms/{realm}/moncompte/v1/installation}. Who comes here may manage the realm: {@link
 * AgenciesAdminResource} has checked it.
 */
public final class InstallationAdminResource {

  private static final int PATIENCE = 10_000; // milliseconds
  private static final String SUBJECT = "moncompte check";
  private static final String TEXT =
      "Ce message montre que le serveur de messagerie du domaine « %s » accepte les envois.\n\n"
          + "This message shows that the mail server of the realm \"%s\" takes mail.\n";

  private final KeycloakSession session;
  private final RealmModel realm;

  InstallationAdminResource(KeycloakSession session, RealmModel realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * The node that answers.
   *
   * @param builtFor version of the server that the extension was tested with
   * @param mailsLost mails given up since this node started
   * @param usualPasswords in the realm master, the administrators whose password is a usual one
   */
  public record Node(
      String keycloak,
      String extension,
      String builtFor,
      boolean impersonation,
      long mailsLost,
      List<String> usualPasswords) {}

  public record Trial(String to) {}

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Node node() {
    Properties build = build();
    return new Node(
        Version.VERSION,
        build.getProperty("version"),
        build.getProperty("keycloak"),
        Profile.isFeatureEnabled(Profile.Feature.IMPERSONATION),
        MailQueue.lost(),
        realm.getName().equals(Config.getAdminRealm())
            ? UsualPasswords.ofAdministrators(session, realm)
            : List.of());
  }

  /**
   * Tries the realm's mail server: sends a mail to the address of the body, or only connects.
   *
   * @throws jakarta.ws.rs.WebApplicationException {@code mail_failed} (409), with the type of the
   *     error and without its text, which may hold credentials
   */
  @POST
  @Path("mail")
  public void mail(InputStream body) {
    Trial trial = JsonBody.read(body, Trial.class);
    try {
      if (trial.to() == null) {
        connect();
      } else {
        send(trial.to());
      }
    } catch (IOException | EmailException e) {
      throw Refusals.conflict("mail_failed", MailQueue.rootType(e));
    }
  }

  /**
   * Connects, and waits for the greeting (RFC 5321, 4.3.1) where the connection begins in clear.
   */
  private void connect() throws IOException {
    Map<String, String> settings = realm.getSmtpConfig();
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE);
      socket.connect(
          new InetSocketAddress(settings.getOrDefault("host", ""), port(settings)), PATIENCE);
      if (!"true".equals(settings.get("ssl"))) {
        requireGreeting(socket);
      }
    }
  }

  private static int port(Map<String, String> settings) throws ProtocolException {
    try {
      return Integer.parseInt(settings.getOrDefault("port", "25"));
    } catch (NumberFormatException e) {
      throw new ProtocolException("the port is no number");
    }
  }

  private static void requireGreeting(Socket socket) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String greeting = lines.readLine();
    if (greeting == null || !greeting.startsWith("220")) {
      throw new ProtocolException("no greeting of a mail server");
    }
    socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void send(String address) throws EmailException {
    session
        .getProvider(EmailSenderProvider.class)
        .send(
            realm.getSmtpConfig(),
            address,
            SUBJECT,
            TEXT.formatted(realm.getName(), realm.getName()),
            null);
  }

  private static Properties build() {
    Properties build = new Properties();
    try (InputStream file =
        InstallationAdminResource.class.getResourceAsStream("/moncompte-build.properties")) {
      build.load(file);
    } catch (IOException e) {
      throw new IllegalStateException("moncompte-build.properties cannot be read", e);
    }
    return build;
  }
}
