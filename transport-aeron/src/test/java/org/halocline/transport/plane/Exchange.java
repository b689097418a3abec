package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.halocline.transport.Link;
import org.halocline.transport.Transfer;

/**
 * What the ranks of a test send each other: in each round of each chain a block to every rank, of a size and with bytes
 * that both sides compute from the seed, and compare.
 *
 * @param bigBlock bytes of the first block of chain 0, about
 */
record Exchange(long seed, int ranks, int chains, int rounds, int bigBlock) {
  private static final int[] EDGE_SIZES = {0, 1, 3, 63, 64, 65, 1343, 1344, 1345, 4096, 8191, 65505, (1 << 17) + 1,
      (1 << 20) + 7};

  private int size(int chain, int round, int from, int to) {
    SplittableRandom random = new SplittableRandom(
        seed ^ (((chain * 131L + round) * 131 + from) * 131 + to) * 0x9E3779B97F4A7C15L);
    if (chain == 0 && round == 0)
      return bigBlock + 13 * from;
    return random.nextInt(3) == 0 ? EDGE_SIZES[random.nextInt(EDGE_SIZES.length)] : random.nextInt(20_000);
  }

  private static void fill(MemorySegment memory, int chain, int round, int from, int to) {
    long pattern = ((chain * 1009L + round) * 1009 + from) * 1009 + to;
    for (long i = 0; i < memory.byteSize(); i++)
      memory.set(ValueLayout.JAVA_BYTE, i, (byte) (pattern * 31 + i * 7 + (i >> 8) * 13 + (i >> 16) * 5));
  }

  /**
   * Carries out the part of these ranks and returns when all is there, or throws what the first failing one found.
   *
   * @return the bytes that they have received
   */
  long run(List<Link> links) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<Long> parts = new ExecutorCompletionService<>(threads);
      for (int chain = 0; chain < chains; chain++) {
        int number = chain;
        links.forEach(link -> parts.submit(() -> chain(link, number)));
      }
      long bytes = 0;
      for (int part = 0; part < chains * links.size(); part++)
        bytes += result(parts.take(), links);
      return bytes;
    }
  }

  private static long result(Future<Long> part, List<Link> links) throws Exception {
    try {
      return part.get();
    } catch (ExecutionException e) {
      links.forEach(Link::revoke); // the others would wait for it
      if (e.getCause() instanceof Exception cause)
        throw cause;
      throw new AssertionError(e.getCause());
    }
  }

  private long chain(Link link, int chain) {
    int rank = link.membership().rank();
    long bytes = 0;
    for (int round = 0; round < rounds; round++)
      try (Arena arena = Arena.ofShared()) {
        List<Transfer> transfers = new ArrayList<>();
        MemorySegment[] received = new MemorySegment[ranks];
        try {
          for (int peer = 0; peer < ranks; peer++) {
            received[peer] = arena.allocate(size(chain, round, peer, rank));
            transfers.add(link.receive(chain, peer, round, received[peer]));
          }
          for (int peer = 0; peer < ranks; peer++) {
            MemorySegment block = arena.allocate(size(chain, round, rank, peer));
            fill(block, chain, round, rank, peer);
            transfers.add(link.send(chain, peer, round, block));
          }
          for (Transfer transfer : transfers)
            transfer.await();
        } catch (RuntimeException e) {
          link.revoke(chain); // before its memory goes
          throw e;
        }
        for (int peer = 0; peer < ranks; peer++) {
          MemorySegment expected = arena.allocate(received[peer].byteSize());
          fill(expected, chain, round, peer, rank);
          assertEquals(-1, expected.mismatch(received[peer]),
              "chain " + chain + ", round " + round + ", from " + peer);
          bytes += expected.byteSize();
        }
      }
    return bytes;
  }
}
