package org.halocline.transport.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.halocline.transport.Checksum;
import org.halocline.transport.DomainMember;
import org.halocline.transport.FrameProtection;
import org.halocline.transport.Link;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.SharedSecret;
import org.halocline.transport.TransferFailedException;
import org.halocline.transport.plane.FaultyHop.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two data planes that reach each other over hops that misbehave. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LossTest {
  private static final long DOMAIN = 0x5eed_0f_d0_3a1L;

  @TempDir
  Path directory;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<DataPlane> planes = new ArrayList<>();
  private final List<FaultyHop> hops = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable c : opened.reversed())
      c.close();
  }

  /** Rank r lives on node r; each reaches the other through the hop before it. */
  private List<Link> join(long seed, Faults faults, Checksum checksum) throws Exception {
    System.out.println("seed " + seed + ", " + faults);
    for (int slot = 0; slot < 2; slot++) {
      FrameProtection protection = new FrameProtection(checksum, Optional.of(SharedSecret.of("tea")));
      DataPlane plane = DataPlane.start(Wiring.settings(slot, directory).withProtection(protection));
      planes.add(plane);
      opened.add(plane);
      FaultyHop hop = new FaultyHop(plane.address(), seed + slot, faults);
      hops.add(hop);
      opened.add(hop);
    }
    NodeAddress first = planes.get(0).address();
    NodeAddress second = planes.get(1).address();
    return List.of(planes.get(0).join(new DomainMember(DOMAIN, 0, List.of(first, hops.get(1).address()))),
        planes.get(1).join(new DomainMember(DOMAIN, 1, List.of(hops.get(0).address(), second))));
  }

  @ParameterizedTest
  @CsvSource({"0.01, 0, 0, 0, 1", "0.05, 0.02, 0.1, 4, 2", "0.05, 0.05, 0.3, 2, 3"})
  void shouldDeliverEveryByteHoweverTheNetworkLosesAndReorders(double loss, double twice, double late, int lateMs,
      long seed) throws Exception {
    List<Link> links = join(seed, new Faults(loss, twice, late, lateMs, 0), Checksum.NONE);
    long start = System.nanoTime();
    long bytes = new Exchange(seed, 2, 4, 8, 2 << 20).run(links);
    System.out.println(bytes + " bytes in " + (System.nanoTime() - start) / 1_000_000 + " ms; " + hops);
    assertTrue(hops.stream().allMatch(hop -> hop.lost.sum() > 0), "something was lost: " + hops);
    assertTrue(late == 0 || hops.stream().allMatch(hop -> hop.delayed.sum() > 0 && hop.doubled.sum() > 0));
    for (DataPlane plane : planes)
      assertEquals(0, plane.counters().rejected() + plane.counters().dropped(), plane + ": " + plane.counters());
  }

  @Test
  void shouldGoOnAfterTheNetworkWasCutForAWhile() throws Exception {
    List<Link> links = join(4, Faults.none(), Checksum.CRC32C);
    Exchange exchange = new Exchange(4, 2, 2, 6, 4 << 20);
    CountDownLatch cut = new CountDownLatch(1);
    hops.getFirst().afterMore(20, () -> {
      hops.forEach(hop -> hop.faults(Faults.cut()));
      cut.countDown();
    });
    Thread mender = Thread.ofPlatform().daemon().start(() -> {
      try {
        cut.await();
        Thread.sleep(1500);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      hops.forEach(hop -> hop.faults(Faults.none()));
    });
    exchange.run(links);
    assertEquals(0, cut.getCount(), "the blocks were through before the network was cut");
    mender.join();
    assertTrue(hops.stream().allMatch(hop -> hop.lost.sum() > 0), hops.toString());
  }

  /** No driver repairs a byte that changed on the way with UDP's checksum made anew, as hosts between hosts do. */
  @Test
  void shouldFailLoudlyWhenBytesAreChangedOnTheWay() throws Exception {
    List<Link> links = join(5, new Faults(0, 0, 0, 0, 0.02), Checksum.CRC32C);
    TransferFailedException failed = assertThrows(TransferFailedException.class,
        () -> new Exchange(5, 2, 4, 20, 4 << 20).run(links));
    assertTrue(failed.getMessage().contains("this domain cannot go on"), failed.getMessage());
    assertTrue(planes.stream().anyMatch(plane -> plane.counters().rejected() > 0), "counted");
    assertTrue(planes.stream().allMatch(plane -> plane.failure().isEmpty()), "the data planes go on");
    hops.forEach(hop -> hop.faults(Faults.none()));
    NodeAddress first = planes.get(0).address();
    NodeAddress second = planes.get(1).address();
    List<Link> next = List.of(
        planes.get(0).join(new DomainMember(DOMAIN + 1, 0, List.of(first, hops.get(1).address()))),
        planes.get(1).join(new DomainMember(DOMAIN + 1, 1, List.of(hops.get(0).address(), second))));
    new Exchange(6, 2, 2, 3, 100_000).run(next);
  }

  @Test
  @Tag("slow")
  void shouldFailLoudlyWhenCutOffForLongerThanAStreamLives() throws Exception {
    List<Link> links = join(7, Faults.none(), Checksum.NONE);
    new Exchange(7, 2, 1, 2, 1000).run(links);
    hops.forEach(hop -> hop.faults(Faults.cut()));
    TransferFailedException failed = assertThrows(TransferFailedException.class,
        () -> new Exchange(8, 2, 1, 2, 4 << 20).run(links));
    assertTrue(failed.getMessage().contains("interrupted"), failed.getMessage());
  }
}
