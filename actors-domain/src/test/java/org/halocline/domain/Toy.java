package org.halocline.domain;

import com.typesafe.config.Config;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.domain.program.BadJobException;
import org.halocline.domain.program.RankCommand;
import org.halocline.domain.program.RankContext;
import org.halocline.domain.program.RankProgram;
import org.halocline.domain.program.RankProgramFactory;
import org.halocline.domain.program.RankPrograms;
import org.halocline.domain.program.RankReply;

/** Rank programs without physics that exchange, wait, and break as they are told. */
final class Toy implements RankProgramFactory {
  static final String KIND = "toy";
  private static final long COMPUTES_NS = 100_000;
  static final String JOB = "{}";

  static Decomposition cut(int x, int y) {
    return Decomposition.even(new Mesh(8, 8, 8, 1, 1, 1), x, y);
  }

  /** Every rank sends its number, times a factor, to every other and adds what it gets. */
  record Sum(int factor) implements RankCommand {}

  /** As {@link Sum}, but one rank computes until the gate is open; it reaches yield points meanwhile. */
  record SumBehindGate(int rank) implements RankCommand {}

  /** One rank throws, the others wait for it for ever. */
  record Break(int rank, boolean badInput) implements RankCommand {}

  /** Every rank but one waits for that one, which computes for ever and reaches yield points. */
  record Forever(int rank) implements RankCommand {}

  record Total(int rank, int total) implements RankReply {}

  final CountDownLatch gate = new CountDownLatch(1);
  final Semaphore waiting = new Semaphore(0);
  final AtomicInteger open = new AtomicInteger();
  final ConcurrentHashMap<String, Thread> threads = new ConcurrentHashMap<>();

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public RankPrograms programs(Config job) {
    return this::create;
  }

  private RankProgram create(RankContext context) {
    open.incrementAndGet();
    threads.put(context.rank() + "/" + context.chain(), Thread.currentThread());
    return new RankProgram() {
      private final MemorySegment memory = context.kernels().memory().staging(4L * 2 * context.port().ranks());

      @Override
      public RankReply run(RankCommand command) throws BadJobException {
        return switch (command) {
          case Sum(int factor) -> sum(factor);
          case SumBehindGate(int rank) -> {
            if (context.rank() == rank)
              computeUntilGate();
            yield sum(1);
          }
          case Break(int rank, boolean badInput) -> {
            if (context.rank() == rank && badInput)
              throw new BadJobException("toy.key = 7: must be 6; change it");
            if (context.rank() == rank)
              throw new IllegalStateException("a bolt came loose");
            yield sum(1);
          }
          case Forever(int rank) -> {
            waiting.release();
            while (context.rank() == rank)
              rest();
            yield sum(1);
          }
          default -> throw new IllegalArgumentException("unknown " + command);
        };
      }

      private void computeUntilGate() {
        while (gate.getCount() > 0)
          rest();
      }

      /** With one carrier, a virtual thread that only yields would keep others from running. */
      private void rest() {
        context.port().yieldPoint();
        LockSupport.parkNanos(COMPUTES_NS);
      }

      private Total sum(int factor) {
        Port port = context.port();
        List<Port.Parcel> sends = new ArrayList<>();
        List<Port.Parcel> receives = new ArrayList<>();
        for (int peer = 0; peer < port.ranks(); peer++) {
          if (peer == port.rank())
            continue;
          memory.setAtIndex(ValueLayout.JAVA_INT, peer, factor * (port.rank() + 1));
          sends.add(new Port.Parcel(peer, memory.asSlice(4L * peer, 4)));
          receives.add(new Port.Parcel(peer, memory.asSlice(4L * (port.ranks() + peer), 4)));
        }
        port.exchange(Port.Phase.SUM, sends, receives);
        int total = factor * (port.rank() + 1);
        for (Port.Parcel parcel : receives)
          total += parcel.memory().getAtIndex(ValueLayout.JAVA_INT, 0);
        return new Total(port.rank(), total);
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }
}
