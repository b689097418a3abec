package org.halocline.transport.driver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import org.halocline.transport.DataPlaneException.Problem;
import org.halocline.transport.DataPlaneSettings;

/**
 * What the machine grants of a node's settings, found by asking it: sockets are opened and closed again.
 *
 * @param port the UDP port, a free one where the settings leave it open
 * @param sendBuffer bytes of each sending socket's buffer
 * @param receiveBuffer bytes of each receiving socket's buffer
 * @param receiverWindow bytes that a sender may be ahead of the receiver
 * @param problems what keeps the data plane from starting; the other parts mean nothing then
 * @param warnings what is less than was asked for, or unwise
 */
public record Readiness(int port, int sendBuffer, int receiveBuffer, int receiverWindow, List<Problem> problems,
    List<Problem> warnings) {
  /** The largest datagram that is known to work well on real Ethernet. */
  private static final int ETHERNET_MTU = 8192;

  /** Of settings that {@link DataPlaneSettings#validate} finds nothing wrong with. */
  public static Readiness of(DataPlaneSettings settings, KernelLimits kernel) {
    List<Problem> problems = new ArrayList<>();
    List<Problem> warnings = new ArrayList<>();
    InetSocketAddress address = resolved("transport.host", settings.host(), settings.port(), problems);
    InetSocketAddress bound = settings.bindHost()
        .map(host -> resolved("transport.bind-host", host, settings.port(), problems)).orElse(address);
    if (!problems.isEmpty())
      return new Readiness(0, 0, 0, 0, problems, warnings);
    try {
      int send = kernel.granted(true, settings.socketBuffer());
      int receive = kernel.granted(false, settings.socketBuffer());
      buffers(settings, send, receive, kernel, problems, warnings);
      kernel.networkMtu(bound.getAddress()).ifPresent(network -> network(settings.mtu(), network, warnings));
      int window = Math.min(Math.min(receive, settings.receiverWindow()), settings.udpTermLength() / 2);
      return new Readiness(port(settings, bound, problems), send, receive, window, problems, warnings);
    } catch (IOException e) {
      problems.add(new Problem("transport.host", settings.host(), "no UDP socket can be made: " + e.getMessage(),
          "look at the limits of this process (ulimit -n) and its container"));
      return new Readiness(0, 0, 0, 0, problems, warnings);
    }
  }

  private static InetSocketAddress resolved(String key, String host, int port, List<Problem> problems) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved())
      problems.add(new Problem(key, host, "must resolve to an address", "name an address of this machine"));
    return address;
  }

  private static void buffers(DataPlaneSettings settings, int send, int receive, KernelLimits kernel,
      List<Problem> problems, List<Problem> warnings) {
    if (settings.mtu() > Math.min(send, receive))
      problems.add(new Problem("transport.mtu", Integer.toString(settings.mtu()),
          "must be at most what the kernel grants a socket's buffer, " + Math.min(send, receive) + " bytes",
          "lower it, or raise net.core.wmem_max and net.core.rmem_max"));
    if (receive < settings.receiverWindow())
      warnings.add(new Problem("transport.receiver-window", Integer.toString(settings.receiverWindow()),
          "is more than the " + receive + " bytes that the kernel grants a receiving socket; using " + receive,
          raise("net.core.rmem_max", kernel, settings.receiverWindow())));
    else if (receive < settings.socketBuffer())
      warnings.add(new Problem("transport.socket-buffer", Integer.toString(settings.socketBuffer()),
          "is more than the " + receive + " bytes that the kernel grants a receiving socket; using " + receive,
          raise("net.core.rmem_max", kernel, settings.socketBuffer())));
    if (send < settings.socketBuffer())
      warnings.add(new Problem("transport.socket-buffer", Integer.toString(settings.socketBuffer()),
          "is more than the " + send + " bytes that the kernel grants a sending socket; using " + send,
          raise("net.core.wmem_max", kernel, settings.socketBuffer())));
  }

  private static String raise(String name, KernelLimits kernel, int wanted) {
    return "sysctl -w " + name + "=" + wanted + " (it is " + kernel.sysctl(name) + "), or ask for less";
  }

  private static void network(int mtu, int network, List<Problem> warnings) {
    if (mtu > ETHERNET_MTU)
      warnings.add(new Problem("transport.mtu", Integer.toString(mtu),
          "is more than the " + ETHERNET_MTU + " bytes that are known to work well between hosts",
          "lower it: a lost packet of " + network + " bytes costs the whole datagram"));
  }

  private static int port(DataPlaneSettings settings, InetSocketAddress bound, List<Problem> problems) {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.bind(bound);
      return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      problems.add(new Problem("transport.port",
          settings.bindHost().orElse(settings.host()) + ":" + settings.port(),
          "cannot be listened on: " + e.getMessage(), "choose a free port and an address of this machine"));
      return 0;
    }
  }
}
