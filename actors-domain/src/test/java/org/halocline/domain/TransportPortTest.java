package org.halocline.domain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.halocline.cosmology.comm.Port.Exchange;
import org.halocline.cosmology.comm.Port.Parcel;
import org.halocline.cosmology.comm.Port.Phase;
import org.halocline.cosmology.comm.Port.RevokedException;
import org.halocline.cosmology.comm.Port;
import org.halocline.domain.program.PortMeter;
import org.halocline.runtime.lane.FairLane;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.transport.DataPlaneSettings;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.plane.DataPlane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ports of a domain of three ranks on one data plane. */
@Timeout(300)
class TransportPortTest {
  private static final int RANKS = 3;
  private static final int CHAIN = 5;

  /** One rank's end, with what is needed to disturb it. */
  private record End(Link link, FairLane lane, ChainLane hold, PortMeter meter, Port port) {}

  private final Arena arena = Arena.ofShared();
  private final List<End> ends = new ArrayList<>();
  private DataPlane plane;

  @BeforeEach
  void join() {
    plane = DataPlane.start(DataPlaneSettings.defaults().withTermLengths(1 << 18, 1 << 18));
    for (int rank = 0; rank < RANKS; rank++) {
      Link link = plane.join(new DomainMember(9, rank, List.of(plane.address(), plane.address(), plane.address())));
      FairLane lane = new FairLane(LaneTraits.core("core-" + rank, "core/test", 0, 0));
      ChainLane hold = new ChainLane(lane);
      PortMeter meter = new PortMeter();
      ends.add(new End(link, lane, hold, meter, new TransportPort(link, CHAIN, hold, meter)));
    }
  }

  @AfterEach
  void leave() {
    ends.forEach(end -> end.link().close());
    plane.close();
    arena.close();
  }

  /** Runs on a virtual thread that holds the rank's lane. */
  private <T> CompletableFuture<T> on(int rank, Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    FairLane lane = ends.get(rank).lane();
    Thread.ofVirtual().start(() -> {
      lane.acquire();
      try {
        result.complete(task.call());
      } catch (Throwable problem) {
        result.completeExceptionally(problem);
      } finally {
        lane.release();
      }
    });
    return result;
  }

  /** Until the rank's chain has had the lane and given it up. */
  private void awaitWaiting(int rank) {
    Waiting.until("rank " + rank + " waits without its lane", () -> ends.get(rank).lane().times().holds() > 0);
  }

  private static Throwable failure(CompletableFuture<?> future) throws Exception {
    try {
      throw new AssertionError("expected a failure, got " + future.get(3, TimeUnit.MINUTES));
    } catch (ExecutionException failed) {
      return failed.getCause();
    }
  }

  @Test
  void shouldExchangeParcelsOfAnySizeInOrder() throws Exception {
    long seed = 77;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int rounds = 40;
    int[][] sizes = new int[rounds][RANKS * RANKS];
    for (int[] round : sizes)
      for (int i = 0; i < round.length; i++)
        round[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(60_000);
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      int own = rank;
      all.add(on(rank, () -> exchangeAll(own, sizes)));
    }
    for (CompletableFuture<Integer> each : all)
      assertEquals(rounds * 2 * (RANKS - 1), each.get(3, TimeUnit.MINUTES));
    long sent = 0;
    for (int[] round : sizes)
      for (int from = 0; from < RANKS; from++)
        for (int to = 0; to < RANKS; to++)
          if (from != to)
            sent += round[from * RANKS + to] + (round[from * RANKS + to] >> 1);
    assertEquals(sent, ends.stream().flatMap(end -> end.meter().bytesSent().values().stream())
        .mapToLong(Long::longValue).sum());
    assertEquals(rounds, ends.getFirst().meter().exchanges());
  }

  /** Two parcels to and from each peer a round. */
  private int exchangeAll(int own, int[][] sizes) {
    int checked = 0;
    for (int round = 0; round < sizes.length; round++) {
      List<Parcel> sends = new ArrayList<>();
      List<Parcel> receives = new ArrayList<>();
      List<byte[]> expected = new ArrayList<>();
      for (int peer = 0; peer < RANKS; peer++) {
        if (peer == own)
          continue;
        for (int part = 0; part < 2; part++) {
          int out = sizes[round][own * RANKS + peer] >> part;
          int in = sizes[round][peer * RANKS + own] >> part;
          sends.add(new Parcel(peer, segment(bytes(round, own, peer, part, out))));
          receives.add(new Parcel(peer, arena.allocate(Math.max(1, in)).asSlice(0, in)));
          expected.add(bytes(round, peer, own, part, in));
        }
      }
      ends.get(own).port().exchange(Phase.PENCIL, sends, receives);
      for (int i = 0; i < receives.size(); i++) {
        assertArrayEquals(expected.get(i), receives.get(i).memory().toArray(ValueLayout.JAVA_BYTE));
        checked++;
      }
    }
    return checked;
  }

  private static byte[] bytes(int round, int from, int to, int part, int size) {
    byte[] bytes = new byte[size];
    new Random(((round * 31L + from) * 31 + to) * 31 + part).nextBytes(bytes);
    return bytes;
  }

  private MemorySegment segment(byte[] bytes) {
    MemorySegment memory = arena.allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory;
  }

  @Test
  void shouldGiveUpTheLaneWhileItWaits() throws Exception {
    CompletableFuture<Integer> waiting = on(0, () -> {
      ends.get(0).port().exchange(Phase.GATHER, List.of(), List.of(new Parcel(1, arena.allocate(8))));
      return 1;
    });
    awaitWaiting(0);
    ends.get(0).lane().acquire(); // would wait for ever if the chain kept it
    assertFalse(waiting.isDone());
    ends.get(0).lane().release();
    on(1, () -> {
      ends.get(1).port().exchange(Phase.GATHER, List.of(new Parcel(0, arena.allocate(8))), List.of());
      return 1;
    }).get(3, TimeUnit.MINUTES);
    assertEquals(1, waiting.get(3, TimeUnit.MINUTES));
    assertTrue(ends.get(0).meter().waitNs() > 0);
  }

  @Test
  void shouldSayWhenRanksAreOutOfStep() throws Exception {
    CompletableFuture<Integer> receiver = on(0, () -> {
      ends.get(0).port().exchange(Phase.SUM, List.of(), List.of(new Parcel(1, arena.allocate(8))));
      return 1;
    });
    CompletableFuture<Integer> sender = on(1, () -> {
      ends.get(1).port().exchange(Phase.PENCIL, List.of(new Parcel(0, arena.allocate(8))), List.of());
      return 1;
    });
    assertTrue(assertInstanceOf(IllegalStateException.class, failure(receiver)).getMessage().contains("SUM"));
    assertTrue(assertInstanceOf(IllegalStateException.class, failure(sender)).getMessage().contains("PENCIL"));
  }

  @Test
  void shouldUnwindWithTheReasonWhenCancelled() throws Exception {
    CompletableFuture<Integer> waiting = on(2, () -> {
      ends.get(2).port().exchange(Phase.HALO_FILL, List.of(), List.of(new Parcel(0, arena.allocate(64))));
      return 1;
    });
    awaitWaiting(2);
    ends.get(2).hold().cancel("the domain is over");
    ends.get(2).link().revoke(CHAIN);
    assertEquals("the domain is over", assertInstanceOf(RevokedException.class, failure(waiting)).getMessage());
    assertInstanceOf(RevokedException.class, failure(on(2, () -> {
      ends.get(2).port().yieldPoint();
      return 1;
    })));
    assertInstanceOf(RevokedException.class, failure(on(2, () -> {
      ends.get(2).port().exchange(Phase.SUM, List.of(), List.of());
      return 1;
    })));
  }

  private MemorySegment filled(int size, int value) {
    return arena.allocate(size, 8).fill((byte) value);
  }

  private Parcel parcel(int peer, int size, int value) {
    return new Parcel(peer, filled(size, value));
  }

  private static void assertHolds(MemorySegment memory, int value) {
    for (byte found : memory.toArray(ValueLayout.JAVA_BYTE))
      assertEquals((byte) value, found);
  }

  /** Each rank begins exchanges of several phases and sizes with each peer and finishes them in an order of its own. */
  @Test
  void shouldHaveSeveralExchangesUnderWay() throws Exception {
    long seed = 79;
    System.out.println("seed " + seed);
    int rounds = 20;
    int[] sizes = {60_000, 0, 8, 300_000, 4096};
    Phase[] phases = {Phase.PENCIL, Phase.HALO_ADD, Phase.SUM, Phase.PENCIL, Phase.HALO_FILL};
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      int own = rank;
      Random random = new Random(seed + rank);
      all.add(on(rank, () -> {
        for (int round = 0; round < rounds; round++) {
          List<Exchange> exchanges = new ArrayList<>();
          List<List<Parcel>> received = new ArrayList<>();
          for (int i = 0; i < sizes.length; i++) {
            List<Parcel> sends = new ArrayList<>();
            List<Parcel> receives = new ArrayList<>();
            for (int peer = 0; peer < RANKS; peer++) {
              if (peer == own)
                continue;
              sends.add(parcel(peer, sizes[i], 16 * own + i));
              receives.add(parcel(peer, sizes[i], -1));
            }
            exchanges.add(ends.get(own).port().begin(phases[i], sends, receives));
            received.add(receives);
          }
          List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
          Collections.shuffle(order, random);
          for (int i : order) {
            exchanges.get(i).finish();
            for (Parcel parcel : received.get(i))
              assertHolds(parcel.memory(), 16 * parcel.peer() + i);
          }
        }
        return 1;
      }));
    }
    for (CompletableFuture<Integer> each : all)
      assertEquals(1, each.get(3, TimeUnit.MINUTES));
    assertEquals(rounds * sizes.length, ends.getFirst().meter().exchanges());
  }

  @Test
  void shouldKeepTheLaneUntilAnExchangeIsFinished() throws Exception {
    CountDownLatch peerMayBegin = new CountDownLatch(1);
    CompletableFuture<Integer> early = on(0, () -> {
      Exchange exchange = ends.get(0).port().begin(Phase.HALO_FILL, List.of(parcel(1, 5000, 3)),
          List.of(parcel(1, 5000, 0)));
      assertTrue(ends.get(0).lane().times().holds() == 0, "the lane was given up at once");
      assertEquals(0, ends.get(0).meter().exchanges());
      peerMayBegin.countDown();
      exchange.finish();
      return 1;
    });
    CompletableFuture<Integer> late = on(1, () -> {
      peerMayBegin.await();
      ends.get(1).port().exchange(Phase.HALO_FILL, List.of(parcel(0, 5000, 4)), List.of(parcel(0, 5000, 0)));
      return 1;
    });
    assertEquals(1, early.get(3, TimeUnit.MINUTES));
    assertEquals(1, late.get(3, TimeUnit.MINUTES));
  }

  /** What arrives while the chain computes is there when it looks: finishing takes no wait. */
  @Test
  void shouldMoveParcelsWhileTheChainComputes() throws Exception {
    CountDownLatch begun = new CountDownLatch(2);
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      int own = rank;
      all.add(on(rank, () -> {
        MemorySegment into = filled(2_000_000, 0);
        Exchange exchange = ends.get(own).port().begin(Phase.PENCIL,
            List.of(parcel(1 - own, 2_000_000, 7 + own)), List.of(new Parcel(1 - own, into)));
        begun.countDown();
        begun.await();
        while (ends.get(own).link().openTransfers().size() > 0)
          Thread.onSpinWait(); // computing, with the lane held
        exchange.finish();
        assertHolds(into, 8 - own);
        return 1;
      }));
    }
    for (CompletableFuture<Integer> each : all)
      assertEquals(1, each.get(3, TimeUnit.MINUTES));
    assertEquals(0, ends.getFirst().meter().waitNs());
  }

  @Test
  void shouldEndAllThatIsUnderWayWhenOneIsRevoked() throws Exception {
    CompletableFuture<Integer> waiting = on(2, () -> {
      Port port = ends.get(2).port();
      Exchange first = port.begin(Phase.HALO_FILL, List.of(parcel(0, 64, 1)), List.of(parcel(0, 64, 0)));
      port.begin(Phase.PENCIL, List.of(parcel(0, 100_000, 1)), List.of(parcel(0, 100_000, 0)));
      first.finish();
      return 1;
    });
    awaitWaiting(2);
    ends.get(2).hold().cancel("enough");
    ends.get(2).link().revoke(CHAIN);
    assertEquals("enough", assertInstanceOf(RevokedException.class, failure(waiting)).getMessage());
    assertEquals(List.of(), ends.get(2).link().openTransfers());
  }

  /** Ranks out of step in one exchange: the others that are under way end too, and touch no memory any more. */
  @Test
  void shouldEndAllThatIsUnderWayWhenOneFails() throws Exception {
    CompletableFuture<Integer> receiver = on(0, () -> {
      Port port = ends.get(0).port();
      port.begin(Phase.HALO_FILL, List.of(), List.of(parcel(2, 64, 0)));
      Exchange wrong = port.begin(Phase.SUM, List.of(), List.of(parcel(1, 8, 0)));
      wrong.finish();
      return 1;
    });
    CompletableFuture<Integer> sender = on(1, () -> {
      ends.get(1).port().exchange(Phase.PENCIL, List.of(parcel(0, 8, 0)), List.of());
      return 1;
    });
    assertInstanceOf(IllegalStateException.class, failure(receiver));
    assertInstanceOf(IllegalStateException.class, failure(sender));
    assertEquals(List.of(), ends.get(0).link().openTransfers());
  }
}
