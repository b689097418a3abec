package org.halocline.ops.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** Looks at a TCP port of this machine by listening on it for a moment. */
final class Port {
  private Port() {}

  /**
   * Why no process can listen there now; empty where one can.
   *
   * @param port 0 asks for the address alone
   */
  static Optional<String> refused(String host, int port) {
    InetSocketAddress at = new InetSocketAddress(host, port);
    if (at.isUnresolved())
      return Optional.of("the host has no address");
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(at);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
