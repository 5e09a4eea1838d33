package immo.moncompte.keycloak.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.keycloak.common.ClientConnection;

/** Where a request comes from, as far as guessing is concerned. */
public final class Source {

  private static final int IPV6_NETWORK_BYTES = 8;

  private Source() {}

  /**
   * The source of a connection. The whole /64 of an IPv6 address is one source, because it is one
   * subscriber's (spec, rule 8). The address is the one Keycloak's proxy settings vouch for: a
   * forged {@code X-Forwarded-For} changes nothing.
   */
  public static String of(ClientConnection connection) {
    String address = connection.getRemoteAddr();
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
