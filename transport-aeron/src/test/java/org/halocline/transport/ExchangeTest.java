package org.halocline.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangeTest {
  private static final int RANKS = 3;
  private static final int CHAINS = 8;
  private static final int ROUNDS = 24;
  private static final int[] EDGE_SIZES = {0, 1, 3, 63, 64, 65, 1343, 1344, 1345, 4096, 8191, 65505, (1 << 17) + 1,
      (1 << 20) + 7};

  @TempDir
  Path directory;

  /** Size of the block that goes from one rank to another: both sides compute it. */
  private static int size(long seed, int chain, int round, int from, int to) {
    SplittableRandom random = new SplittableRandom(
        seed ^ (((chain * 131L + round) * 131 + from) * 131 + to) * 0x9E3779B97F4A7C15L);
    if (chain == 0 && round == 0) {
      return (5 << 20) + 13 * from;
    }
    return random.nextInt(3) == 0 ? EDGE_SIZES[random.nextInt(EDGE_SIZES.length)] : random.nextInt(20_000);
  }

  private static long pattern(int chain, int round, int from, int to) {
    return ((chain * 1009L + round) * 1009 + from) * 1009 + to;
  }

  private static void fill(MemorySegment memory, long pattern) {
    for (long i = 0; i < memory.byteSize(); i++) {
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) (pattern * 31 + i * 7 + (i >> 8) * 13 + (i >> 16) * 5));
    }
  }

  @ParameterizedTest
  @CsvSource({"ONE_NODE_IPC, -1", "ONE_NODE_IPC, 1", "TWO_NODES_IPC, -1", "TWO_NODES_IPC, 2", "UDP, -1", "UDP, 3"})
  void shouldDeliverEveryByteOfManyChainsAtOnce(Wiring wiring, long shake) throws Exception {
    long seed = 20261;
    System.out.println("seed " + seed + ", shake " + shake);
    try (Wiring.Nodes nodes = wiring.start(directory, shake < 0 ? OptionalLong.empty() : OptionalLong.of(shake));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Link> links = nodes.join(77, 1, RANKS);
      List<Future<Void>> chains = new ArrayList<>();
      for (int chain = 0; chain < CHAINS; chain++) {
        for (int rank = 0; rank < RANKS; rank++) {
          chains.add(threads.submit(chainOf(links.get(rank), chain, rank, seed)));
        }
      }
      for (Future<Void> chain : chains) { chain.get(); }
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

  private static Callable<Void> chainOf(Link link, int chain, int rank, long seed) {
    return () -> {
      for (int round = 0; round < ROUNDS; round++) {
        try (Arena arena = Arena.ofShared()) {
          List<Transfer> transfers = new ArrayList<>();
          MemorySegment[] received = new MemorySegment[RANKS];
          for (int peer = 0; peer < RANKS; peer++) {
            received[peer] = arena.allocate(size(seed, chain, round, peer, rank));
            transfers.add(link.receive(chain, peer, round, received[peer]));
          }
          for (int peer = 0; peer < RANKS; peer++) {
            MemorySegment block = arena.allocate(size(seed, chain, round, rank, peer));
            fill(block, pattern(chain, round, rank, peer));
            transfers.add(link.send(chain, peer, round, block));
          }
          for (Transfer transfer : transfers) { transfer.await(); }
          for (int peer = 0; peer < RANKS; peer++) {
            MemorySegment expected = arena.allocate(received[peer].byteSize());
            fill(expected, pattern(chain, round, peer, rank));
            assertEquals(-1, expected.mismatch(received[peer]),
                "chain " + chain + ", round " + round + ", from " + peer);
          }
        }
      }
      return null;
    };
  }
}
