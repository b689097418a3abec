package org.halocline.transport.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** What this machine grants UDP sockets. Passed in, so that a stingy one can be played. */
public interface KernelLimits {
  /** Bytes of the socket buffer, for sending or receiving, that the kernel gives when asked for so many. */
  int granted(boolean sending, int asked) throws IOException;

  /** Value of a setting under /proc/sys, or a dash where it cannot be read. */
  String sysctl(String name);

  /**
   * The largest packet of the network that an address of this machine is on; empty for loopback, and where it is
   * unknown.
   */
  OptionalInt networkMtu(InetAddress address) throws IOException;

  static KernelLimits ofThisMachine() {
    return new KernelLimits() {
      @Override
      public int granted(boolean sending, int asked) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
          var option = sending ? StandardSocketOptions.SO_SNDBUF : StandardSocketOptions.SO_RCVBUF;
          channel.setOption(option, asked);
          return Math.min(asked, channel.getOption(option));
        }
      }

      @Override
      public String sysctl(String name) {
        // In one read: the kernel gives such a number no second time, and it says that the file is empty.
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys", name.split("\\.")))) {
          return String.valueOf(reader.readLine()).strip();
        } catch (IOException e) {
          return "-";
        }
      }

      @Override
      public OptionalInt networkMtu(InetAddress address) throws IOException {
        NetworkInterface network = address.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(address);
        return network == null || network.isLoopback() ? OptionalInt.empty() : OptionalInt.of(network.getMTU());
      }
    };
  }
}
