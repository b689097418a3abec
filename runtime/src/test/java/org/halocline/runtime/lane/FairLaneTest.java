package org.halocline.runtime.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.halocline.runtime.Waiting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class FairLaneTest {
  private final FairLane lane = new FairLane(LaneTraits.core("core-0", "core/test", 1 << 20, 0));

  @Test
  void shouldLetOneThreadInAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    long[] sum = new long[1];
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 64; t++)
      threads.add(Thread.ofVirtual().start(() -> {
        for (int i = 0; i < 50; i++) {
          lane.acquire();
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          sum[0]++;
          inside.decrementAndGet();
          lane.release();
        }
      }));
    for (Thread thread : threads)
      thread.join();
    assertEquals(1, most.get());
    assertEquals(64 * 50, sum[0]);
    assertEquals(64 * 50, lane.times().holds());
    assertTrue(lane.times().busyNs() > 0);
  }

  @Test
  void shouldHandOverInOrderAndTellThatItIsContended() throws Exception {
    ConcurrentLinkedQueue<Integer> order = new ConcurrentLinkedQueue<>();
    lane.acquire();
    assertFalse(lane.contended());
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 5; t++) {
      int number = t;
      CountDownLatch started = new CountDownLatch(1);
      Thread thread = Thread.ofVirtual().start(() -> {
        started.countDown();
        lane.acquire();
        order.add(number);
        lane.release();
      });
      threads.add(thread);
      started.await();
      Waiting.until("thread " + t, () -> thread.getState() == Thread.State.WAITING);
    }
    assertTrue(lane.contended());
    Waiting.until("the end of the first one's time", lane::overdue);
    lane.release();
    for (Thread thread : threads)
      thread.join();
    assertEquals(List.of(0, 1, 2, 3, 4), List.copyOf(order));
    assertTrue(lane.times().waitedNs() > 0);
  }

  @Test
  void shouldNotPinItsCarrier() throws Exception {
    int waiters = 4 * Runtime.getRuntime().availableProcessors() + 4;
    lane.acquire();
    CountDownLatch lined = new CountDownLatch(waiters);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < waiters; t++)
      threads.add(Thread.ofVirtual().start(() -> {
        lined.countDown();
        lane.acquire();
        lane.release();
      }));
    lined.await();
    lane.release();
    for (Thread thread : threads)
      thread.join();
  }

  @Test
  void shouldRefuseMisuse() {
    assertThrows(IllegalStateException.class, lane::release);
    lane.acquire();
    assertThrows(IllegalStateException.class, lane::acquire);
    lane.release();
    assertThrows(IllegalArgumentException.class, () -> LaneTraits.core("x", "core/test", -1, 0));
  }
}
