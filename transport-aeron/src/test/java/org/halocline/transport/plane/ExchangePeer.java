package org.halocline.transport.plane;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.halocline.transport.Checksum;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.FrameProtection;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.SharedSecret;
import org.halocline.transport.TrafficCounters;

/**
 * One rank with its data plane in a process of its own: tells its address, reads those of all, says when it has said
 * hello to all, exchanges blocks once it is told to, and ends.
 */
final class ExchangePeer {
  static final String READY = "ready ";
  static final String DONE = "done ";
  private static final long DOMAIN = 0x6e_65_74L;

  private ExchangePeer() {}

  /** Rank, host, directory, seed, chains, rounds, bytes of the first block. */
  public static void main(String[] arguments) throws Exception {
    int rank = Integer.parseInt(arguments[0]);
    DataPlaneSettings settings = Wiring.settings(rank, Path.of(arguments[2])).withEndpoint(arguments[1], 0)
        .withProtection(FrameProtection.none().withSecret(SharedSecret.of("tea")).withChecksum(Checksum.CRC32C));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (DataPlane plane = DataPlane.start(settings)) {
      System.out.println(READY + plane.address());
      List<NodeAddress> nodes = List.of(in.readLine().split(" ")).stream().map(ExchangePeer::address).toList();
      try (Link link = plane.join(new DomainMember(DOMAIN, rank, nodes))) {
        Exchange first = new Exchange(1, nodes.size(), 1, 1, 1000);
        first.run(List.of(link));
        System.out.println(READY + "joined");
        in.readLine();
        long start = System.nanoTime();
        Exchange exchange = new Exchange(Long.parseLong(arguments[3]), nodes.size(), Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
        long bytes = exchange.run(List.of(link));
        TrafficCounters counters = plane.counters();
        System.out.println(DONE + bytes + " bytes in " + (System.nanoTime() - start) / 1_000_000 + " ms, "
            + counters.rejected() + " rejected, " + counters.dropped() + " dropped");
        in.readLine(); // the other one may still need what was sent
      }
    }
  }

  /** Of slot@host:port/driver. */
  private static NodeAddress address(String text) {
    String[] parts = text.split("[@/]");
    int colon = parts[1].lastIndexOf(':');
    return new NodeAddress(Integer.parseInt(parts[0]), parts[2], parts[1].substring(0, colon),
        Integer.parseInt(parts[1].substring(colon + 1)));
  }
}
