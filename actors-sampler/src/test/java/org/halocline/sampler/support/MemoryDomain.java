package org.halocline.sampler.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.sampler.tape.RankScope;

/** Runs every rank of a domain on a thread of its own; ports are queues in memory. */
public final class MemoryDomain {
  private MemoryDomain() {}

  public interface Rank<T> {
    T run(RankScope scope) throws Exception;
  }

  /** What each rank returned, by rank. */
  public static <T> List<T> run(Decomposition decomposition, Rank<T> program) throws Exception {
    int ranks = decomposition.ranks();
    List<Port> ports = ports(ranks);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        int me = rank;
        futures.add(threads.submit(() -> {
          try (Arena arena = Arena.ofShared()) {
            return program
                .run(new RankScope(CoreKernels.of(), decomposition, me, new Collectives(ports.get(me), arena)));
          }
        }));
      }
      List<T> results = new ArrayList<>();
      try {
        for (Future<T> future : futures)
          results.add(future.get(5, TimeUnit.MINUTES));
      } catch (Exception e) {
        threads.shutdownNow();
        throw e;
      }
      return results;
    }
  }

  /** Connected ports of a domain, by rank. */
  static List<Port> ports(int ranks) {
    List<List<BlockingQueue<byte[]>>> queues = new ArrayList<>();
    for (int from = 0; from < ranks; from++) {
      List<BlockingQueue<byte[]>> row = new ArrayList<>();
      for (int to = 0; to < ranks; to++)
        row.add(new LinkedBlockingQueue<>());
      queues.add(row);
    }
    List<Port> ports = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++)
      ports.add(new QueuePort(rank, ranks, queues, new ArrayDeque<>()));
    return ports;
  }

  /** What the only rank of a whole mesh returned. */
  public static <T> T alone(Decomposition decomposition, Rank<T> program) throws Exception {
    return run(decomposition, program).getFirst();
  }

  /** What it receives is filled when an exchange is finished, in the order of beginning. */
  private record QueuePort(int rank, int ranks, List<List<BlockingQueue<byte[]>>> queues,
      Deque<Parcel> expected) implements Port {
    @Override
    public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
      for (Parcel send : sends)
        queues.get(rank).get(send.peer()).add(send.memory().toArray(ValueLayout.JAVA_BYTE));
      expected.addAll(receives);
      return () -> {
        while (receives.stream().anyMatch(expected::contains))
          receive(phase, expected.remove());
      };
    }

    private void receive(Phase phase, Parcel next) {
      try {
        byte[] bytes = queues.get(next.peer()).get(rank).poll(3, TimeUnit.MINUTES);
        if (bytes == null || bytes.length != next.memory().byteSize())
          throw new IllegalStateException("rank " + rank + " waited for " + next.peer() + " in " + phase);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, next.memory(), 0, bytes.length);
      } catch (InterruptedException e) {
        throw new RevokedException("interrupted", e);
      }
    }

    @Override
    public void yieldPoint() {}
  }
}
