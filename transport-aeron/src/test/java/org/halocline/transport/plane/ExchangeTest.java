package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.halocline.transport.Checksum;
import org.halocline.transport.FrameProtection;
import org.halocline.transport.Link;
import org.halocline.transport.SharedSecret;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeTest {
  private static final int RANKS = 3;
  private static final Exchange EXCHANGE = new Exchange(20261, RANKS, 8, 24, 5 << 20);

  @TempDir
  Path directory;

  @ParameterizedTest
  @CsvSource({"ONE_NODE_IPC, -1, NONE", "ONE_NODE_IPC, 1, CRC32C", "TWO_NODES_IPC, -1, CRC32C",
      "TWO_NODES_IPC, 2, NONE", "UDP, -1, NONE", "UDP, 3, CRC32C"})
  void shouldDeliverEveryByteOfManyChainsAtOnce(Wiring wiring, long shake, Checksum checksum) throws Exception {
    System.out.println(EXCHANGE + ", shake " + shake);
    FrameProtection protection = new FrameProtection(checksum, Optional.of(SharedSecret.of("tea")));
    try (Wiring.Nodes nodes = wiring.start(directory, shake < 0 ? OptionalLong.empty() : OptionalLong.of(shake),
        settings -> settings.withProtection(protection))) {
      List<Link> links = nodes.join(77, RANKS);
      EXCHANGE.run(links);
      for (Link link : links) {
        assertEquals(List.of(), link.openTransfers());
        link.close();
      }
      for (DataPlane plane : nodes.planes()) {
        assertEquals(0, plane.counters().dropped(), "dropped");
        assertEquals(0, plane.counters().rejected(), "rejected");
      }
      assertEquals(nodes.planes().stream().mapToLong(p -> p.counters().bytesSent()).sum(),
          nodes.planes().stream().mapToLong(p -> p.counters().bytesReceived()).sum());
    }
  }
}
