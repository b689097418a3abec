package org.halocline.ops.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.Timing;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.Transfer;
import org.halocline.transport.plane.DataPlane;

/**
 * Blocks of 1 MiB from one rank of a node to another, four under way at a time, beside a plain copy of the same blocks:
 * of so many blocks in turn that they come from memory, and of so few that they stay in the cache.
 */
final class TransportBench {
  private static final int BLOCK = 1 << 20;
  private static final int WINDOW = 4;
  private static final int BLOCKS = 512;
  private static final int OF_MEMORY = 64;
  /** Memory beside the heap that it takes: a block's places at both ends, of both measurements. */
  static final long NATIVE_BYTES = 2L * BLOCK * (OF_MEMORY + WINDOW);

  private TransportBench() {}

  static List<Measurement> measure(Timing.Effort effort) {
    try (DataPlane plane = DataPlane.start(DataPlaneSettings.defaults()); Arena arena = Arena.ofShared()) {
      List<NodeAddress> ranks = List.of(plane.address(), plane.address());
      try (Link from = plane.join(new DomainMember(1, 0, ranks));
          Link to = plane.join(new DomainMember(1, 1, ranks))) {
        return List.of(measure("transport-ipc", from, to, arena, OF_MEMORY, effort),
            measure("transport-ipc-cached", from, to, arena, WINDOW, effort));
      }
    }
  }

  private static Measurement measure(String name, Link from, Link to, Arena arena, int slots, Timing.Effort effort) {
    MemorySegment out = arena.allocate((long) BLOCK * slots, 64).fill((byte) 1);
    MemorySegment in = arena.allocate((long) BLOCK * slots, 64).fill((byte) 2);
    Timing sent = Timing.of(() -> stream(from, to, out, in), effort, System::nanoTime);
    Timing copied = Timing.of(() -> copy(out, in), effort, System::nanoTime);
    double bytes = (double) BLOCK * BLOCKS;
    return Measurement.rate(name, List.of(), 2, bytes, sent).beside("plain copy", bytes / copied.bestNs());
  }

  private static void stream(Link from, Link to, MemorySegment out, MemorySegment in) {
    Thread sender = start(i -> from.send(0, 1, 0, slot(out, i)));
    Thread receiver = start(i -> to.receive(0, 0, 0, slot(in, i)));
    try {
      sender.join();
      receiver.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread start(IntFunction<Transfer> submit) {
    return Thread.ofVirtual().start(() -> {
      Deque<Transfer> open = new ArrayDeque<>();
      for (int i = 0; i < BLOCKS; i++) {
        if (open.size() == WINDOW)
          open.removeFirst().await();
        open.add(submit.apply(i));
      }
      open.forEach(Transfer::await);
    });
  }

  private static void copy(MemorySegment from, MemorySegment into) {
    for (int i = 0; i < BLOCKS; i++)
      slot(into, i).copyFrom(slot(from, i));
  }

  private static MemorySegment slot(MemorySegment memory, int i) {
    return memory.asSlice((long) i * BLOCK % memory.byteSize(), BLOCK);
  }
}
