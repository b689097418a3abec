package org.halocline.transport.plane;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.halocline.transport.Checksum;
import org.halocline.transport.FrameProtection;
import org.halocline.transport.Link;
import org.halocline.transport.Transfer;

/**
 * Measures ping-pong latency and bandwidth between two virtual threads, with a plain copy beside it. Not a test: run
 * its main with the test class path. Arguments: wiring (ONE_NODE_IPC, TWO_NODES_IPC, UDP), term length in KiB, "busy"
 * for two computing threads beside it, or "checksums" for nothing but the bandwidth without and with them.
 */
final class TransferBenchmark {
  private static volatile boolean stop;

  private TransferBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Wiring wiring = Wiring.valueOf(arguments[0]);
    int term = Integer.parseInt(arguments[1]) << 10;
    if (arguments.length > 2 && arguments[2].equals("checksums")) {
      compareChecksums(wiring, term);
      return;
    }
    boolean busy = arguments.length > 2 && arguments[2].equals("busy");
    if (busy)
      for (int i = 0; i < 2; i++)
        Thread.ofPlatform().daemon().start(() -> {
          double x = 1;
          while (!stop)
            x = Math.sqrt(x + 1);
        });
    try (
        Wiring.Nodes nodes = wiring.start(Path.of("/dev/shm"), OptionalLong.empty(),
            s -> s.withTermLengths(term, term));
        Arena arena = Arena.ofShared()) {
      List<Link> links = nodes.join(1, 2);
      pingPong(links, arena, 4096, busy ? 300 : 20_000);
      for (int round = 0; round < 3; round++) {
        long[] ns = pingPong(links, arena, 4096, busy ? 300 : 20_000);
        System.out.printf("%s term %d KiB%s: 4 KiB ping-pong, one way: median %.1f us, p90 %.1f us, p99 %.1f us%n",
            wiring, term >> 10, busy ? " busy" : "",
            ns[ns.length / 2] / 2e3, ns[ns.length * 9 / 10] / 2e3, ns[ns.length * 99 / 100] / 2e3);
      }
      for (int size : new int[]{64 << 10, 1 << 20, 8 << 20}) {
        int count = (int) ((busy ? 256L : 2048L) * (1 << 20) / size);
        bandwidth(links, arena, size, count);
        double moved = bandwidth(links, arena, size, count);
        double copied = copy(arena, size, count);
        System.out.printf("%s term %d KiB%s: %d KiB blocks: %.2f GB/s, plain copy %.2f GB/s, ratio %.2f%n", wiring,
            term >> 10, busy ? " busy" : "", size >> 10, moved,
            copied, moved / copied);
      }
      links.forEach(Link::close);
      stop = true;
    }
  }

  private static void compareChecksums(Wiring wiring, int term) throws Exception {
    for (int round = 0; round < 4; round++) {
      double[] moved = new double[2];
      for (Checksum checksum : Checksum.values())
        try (Wiring.Nodes nodes = wiring.start(Path.of("/dev/shm"), OptionalLong.empty(),
            s -> s.withTermLengths(term, term).withProtection(FrameProtection.none().withChecksum(checksum)));
            Arena arena = Arena.ofShared()) {
          List<Link> links = nodes.join(1, 2);
          bandwidth(links, arena, 1 << 20, 200);
          moved[checksum.ordinal()] = bandwidth(links, arena, 1 << 20, wiring == Wiring.UDP ? 600 : 2000);
          links.forEach(Link::close);
        }
      System.out.printf("%s term %d KiB, 1 MiB blocks: %.2f GB/s without checksums, %.2f GB/s with, ratio %.2f%n",
          wiring,
          term >> 10, moved[0], moved[1], moved[1] / moved[0]);
    }
  }

  private static long[] pingPong(List<Link> links, Arena arena, int size, int count) throws InterruptedException {
    MemorySegment[] memory = {arena.allocate(size, 64), arena.allocate(size, 64)};
    long[] ns = new long[count];
    Thread echo = Thread.ofVirtual().start(() -> {
      for (int i = 0; i < count; i++) {
        links.get(1).receive(0, 0, i, memory[1]).await();
        links.get(1).send(0, 0, i, memory[1]).await();
      }
    });
    Thread ping = Thread.ofVirtual().start(() -> {
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        Transfer back = links.get(0).receive(0, 1, i, memory[0]);
        links.get(0).send(0, 1, i, memory[0]).await();
        back.await();
        ns[i] = System.nanoTime() - start;
      }
    });
    ping.join();
    echo.join();
    Arrays.sort(ns);
    return ns;
  }

  private static double bandwidth(List<Link> links, Arena arena, int size, int count) throws InterruptedException {
    int window = 4;
    MemorySegment from = arena.allocate((long) size * window, 64).fill((byte) 1);
    MemorySegment into = arena.allocate((long) size * window, 64).fill((byte) 2);
    long start = System.nanoTime();
    Thread sender = stream(count, window,
        i -> links.get(0).send(1, 1, 0, from.asSlice((long) (i % window) * size, size)));
    Thread receiver = stream(count, window,
        i -> links.get(1).receive(1, 0, 0, into.asSlice((long) (i % window) * size, size)));
    sender.join();
    receiver.join();
    return (double) size * count / (System.nanoTime() - start);
  }

  private static Thread stream(int count, int window, java.util.function.IntFunction<Transfer> submit) {
    return Thread.ofVirtual().start(() -> {
      List<Transfer> open = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (open.size() == window)
          open.removeFirst().await();
        open.add(submit.apply(i));
      }
      open.forEach(Transfer::await);
    });
  }

  private static double copy(Arena arena, int size, int count) {
    int window = 4;
    MemorySegment from = arena.allocate((long) size * window, 64).fill((byte) 1);
    MemorySegment into = arena.allocate((long) size * window, 64).fill((byte) 2);
    long start = System.nanoTime();
    for (int i = 0; i < count; i++)
      MemorySegment.copy(from, (long) (i % window) * size, into, (long) (i % window) * size, size);
    return (double) size * count / (System.nanoTime() - start);
  }
}
