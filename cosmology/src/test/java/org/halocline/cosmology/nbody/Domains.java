package org.halocline.cosmology.nbody;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.mesh.Decomposition;

/** Runs every rank of a domain on a thread of its own, with ports that are queues in memory. */
public final class Domains {
  private Domains() {}

  public interface Rank<T> {
    T run(int rank, Port port) throws Exception;
  }

  /** What each rank returned, by rank, its threads held up at random wherever they meet. */
  static <T> List<T> runJittered(Decomposition decomposition, long seed, Rank<T> program) throws Exception {
    return run(decomposition,
        (rank, port) -> program.run(rank, new JitteryPort(port, new SplittableRandom(seed + rank))));
  }

  /** What each rank returned, by rank. */
  public static <T> List<T> run(Decomposition decomposition, Rank<T> program) throws Exception {
    int ranks = decomposition.ranks();
    List<List<BlockingQueue<byte[]>>> queues = new ArrayList<>();
    for (int from = 0; from < ranks; from++) {
      List<BlockingQueue<byte[]>> row = new ArrayList<>();
      for (int to = 0; to < ranks; to++)
        row.add(new LinkedBlockingQueue<>());
      queues.add(row);
    }
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        int me = rank;
        futures.add(threads.submit(() -> program.run(me, new QueuePort(me, ranks, queues))));
      }
      List<T> results = new ArrayList<>();
      try {
        for (Future<T> future : futures)
          results.add(future.get(4, TimeUnit.MINUTES));
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
      return results;
    }
  }

  /** Yields or parks for up to 200 µs before and after each call. */
  private record JitteryPort(Port port, SplittableRandom random) implements Port {
    private void holdUp() {
      switch (random.nextInt(4)) {
        case 0 -> LockSupport.parkNanos(random.nextInt(200_000));
        case 1 -> Thread.yield();
        default -> {
        }
      }
    }

    @Override
    public int rank() {
      return port.rank();
    }

    @Override
    public int ranks() {
      return port.ranks();
    }

    @Override
    public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
      holdUp();
      List<Parcel> anyOrder = new ArrayList<>(receives);
      for (int i = anyOrder.size() - 1; i > 0; i--)
        Collections.swap(anyOrder, i, random.nextInt(i + 1));
      Exchange begun = port.begin(phase, sends, anyOrder);
      holdUp();
      return () -> {
        holdUp();
        begun.finish();
        holdUp();
      };
    }

    @Override
    public void yieldPoint() {
      holdUp();
      port.yieldPoint();
    }
  }

  /** What it receives is filled when an exchange is finished and not before, in the order of beginning. */
  private static final class QueuePort implements Port {
    private final int rank;
    private final int ranks;
    private final List<List<BlockingQueue<byte[]>>> queues;
    private final Deque<Expected> expected = new ArrayDeque<>();

    private record Expected(Phase phase, Parcel parcel) {}

    QueuePort(int rank, int ranks, List<List<BlockingQueue<byte[]>>> queues) {
      this.rank = rank;
      this.ranks = ranks;
      this.queues = queues;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public int ranks() {
      return ranks;
    }

    /** Sends at once, and checks when it is finished that what was sent has not been written meanwhile. */
    @Override
    public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
      List<byte[]> sent = new ArrayList<>();
      for (Parcel send : sends) {
        byte[] bytes = send.memory().toArray(ValueLayout.JAVA_BYTE);
        sent.add(bytes);
        queues.get(rank).get(send.peer()).add(bytes);
      }
      List<Expected> own = receives.stream().map(parcel -> new Expected(phase, parcel)).toList();
      expected.addAll(own);
      return () -> {
        for (int i = 0; i < sent.size(); i++)
          if (!Arrays.equals(sent.get(i), sends.get(i).memory().toArray(ValueLayout.JAVA_BYTE)))
            throw new IllegalStateException("what rank " + rank + " sends in " + phase + " changed under way");
        while (own.stream().anyMatch(expected::contains))
          receive(expected.remove());
      };
    }

    private void receive(Expected next) {
      Parcel receive = next.parcel();
      try {
        byte[] bytes = queues.get(receive.peer()).get(rank).poll(4, TimeUnit.MINUTES);
        if (bytes == null)
          throw new IllegalStateException("rank " + rank + " waits for " + receive.peer() + " in " + next.phase());
        if (bytes.length != receive.memory().byteSize())
          throw new IllegalStateException(
              next.phase() + ": " + bytes.length + " bytes, expected " + receive.memory().byteSize());
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, receive.memory(), 0, bytes.length);
      } catch (InterruptedException e) {
        throw new RevokedException("interrupted", e);
      }
    }

    @Override
    public void yieldPoint() {}
  }
}
