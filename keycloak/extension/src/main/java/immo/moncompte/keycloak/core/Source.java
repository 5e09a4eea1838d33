package immo.moncompte.keycloak.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.keycloak.models.KeycloakSession;

/** The source of a request, for limits on guessing. */
public final class Source {

  private static final int IPV6_NETWORK_BYTES = 8;

  private Source() {}

  /**
   * The source of the session's request. An IPv6 /64 is one source, because it belongs to one
   * subscriber (specification, rule 8). The address is the one that Keycloak's proxy settings
   * trust: a forged {@code X-Forwarded-For} changes nothing.
   */
  public static String of(KeycloakSession session) {
    String address = session.getContext().getConnection().getRemoteAddr();
    if (address == null || !address.contains(":")) {
      return String.valueOf(address);
    }
    try {
      // A literal address is parsed, never looked up.
      InetAddress parsed = InetAddress.getByName(address);
      if (parsed instanceof Inet6Address) {
        return HexFormat.of().formatHex(parsed.getAddress(), 0, IPV6_NETWORK_BYTES);
      }
      return parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
