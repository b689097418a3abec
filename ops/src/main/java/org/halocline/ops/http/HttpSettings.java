package org.halocline.ops.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.halocline.ops.net.ConnectionLimits;
import org.halocline.runtime.config.Problem;
import org.halocline.runtime.membership.NodeException;

/**
 * Where and for whom a node serves HTTP.
 *
 * @param host address to listen on; loopback by default
 * @param port TCP port; 0 takes any free one
 * @param furtherPorts how many ports above {@code port} may be tried where it is taken
 * @param names names of hosts, beside addresses and localhost, under which browsers may reach this node
 * @param preferred port to try first where no port was asked for; 0 for none
 * @param limits of connections
 */
public record HttpSettings(String host, int port, int furtherPorts, Set<String> names, int preferred,
    ConnectionLimits limits) {
  /** The port that a node takes and that the command line asks, unless told otherwise. */
  public static final int USUAL_PORT = 8420;
  private static final int NODES_ON_ONE_HOST = 63;

  public HttpSettings {
    names = Set.copyOf(names);
    if (port < 0 || port > 0xFFFF)
      throw new IllegalArgumentException("port = " + port + " is not in 0 to 65535");
  }

  /** Loopback, the usual port or one of the next: several nodes on a host each find theirs. */
  public static HttpSettings defaults() {
    return new HttpSettings("127.0.0.1", USUAL_PORT, NODES_ON_ONE_HOST, Set.of(), 0,
        ConnectionLimits.usual());
  }

  /** This address, exactly. */
  public HttpSettings withEndpoint(String newHost, int newPort) {
    return new HttpSettings(newHost, newPort, 0, names, 0, limits);
  }

  public HttpSettings withHost(String newHost) {
    return new HttpSettings(newHost, port, furtherPorts, names, preferred, limits);
  }

  public HttpSettings withNames(Set<String> newNames) {
    return new HttpSettings(host, port, furtherPorts, newNames, preferred, limits);
  }

  /** The same with a port to try first where none was asked for: a node that starts anew is found where it was. */
  public HttpSettings preferring(int earlier) {
    return isAsked() ? this : new HttpSettings(host, port, furtherPorts, names, earlier, limits);
  }

  public HttpSettings withLimits(ConnectionLimits newLimits) {
    return new HttpSettings(host, port, furtherPorts, names, preferred, newLimits);
  }

  /** Whether this port was asked for, and no other. */
  public boolean isAsked() {
    return port != 0 && furtherPorts == 0;
  }

  /** What to try, one after another; 0, which takes any, is the last where none was asked for. */
  List<Integer> ports() {
    if (isAsked())
      return List.of(port);
    Set<Integer> ports = new LinkedHashSet<>();
    if (preferred != 0)
      ports.add(preferred);
    if (port != 0)
      for (int next = port; next <= Math.min(0xFFFF, port + furtherPorts); next++)
        ports.add(next);
    ports.add(0);
    return List.copyOf(ports);
  }

  /**
   * Whether only processes of this machine can connect.
   *
   * @throws NodeException when the host has no address
   */
  boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw NodeException.refused(
          new Problem("http-host", host, "has no address", "give an address of this machine, such as 127.0.0.1"), e);
    }
  }
}
