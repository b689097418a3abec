package org.halocline.transport;

/**
 * Where a node's data plane is reached. Written as {@code slot@host:port/driver}.
 *
 * @param slot number of the node in its cluster, 0 to {@value #MAX_SLOT}
 * @param driver identity of the running media driver, in hexadecimal: nodes that share one talk over shared memory,
 * others over UDP
 * @param host name or address that peers send to
 * @param port UDP port; it also numbers the node's stream
 */
public record NodeAddress(int slot, String driver, String host, int port) {
  static final int MAX_SLOT = 0xFFFF;

  public NodeAddress {
    if (slot < 0 || slot > MAX_SLOT)
      throw new IllegalArgumentException("slot = " + slot + " is not in 0 to " + MAX_SLOT);
    if (port < 1 || port > 0xFFFF)
      throw new IllegalArgumentException("port = " + port + " is not in 1 to 65535");
    if (!driver.matches("[0-9a-f]{1,16}"))
      throw new IllegalArgumentException("driver = '" + driver + "' is not a hexadecimal number of at most 16 digits");
    if (!isHost(host))
      throw new IllegalArgumentException("host = '" + host + "' is not a host name or address");
  }

  /** host:port, with brackets around an IPv6 address. */
  public String endpoint() {
    return endpoint(host, port);
  }

  public static String endpoint(String host, int port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Whether a text can be the host of an address. */
  static boolean isHost(String text) {
    return !text.isEmpty() && text.chars().noneMatch(c -> "/[]@|".indexOf(c) >= 0 || Character.isWhitespace(c));
  }

  @Override
  public String toString() {
    return slot + "@" + endpoint() + "/" + driver;
  }
}
