package org.halocline.ops.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The harness, by a clock that only the work moves. */
@Timeout(300)
class TimingTest {

  private final AtomicLong clock = new AtomicLong(1000);

  /** Runs take these times in turn. */
  private Runnable work(AtomicInteger runs, long... takes) {
    return () -> clock.addAndGet(takes[runs.getAndIncrement() % takes.length]);
  }

  private Timing time(Runnable work, Timing.Effort effort) {
    return Timing.of(work, effort, clock::get);
  }

  @Test
  void shouldTellBestAndMedianOfWhatItCounts() {
    AtomicInteger runs = new AtomicInteger();
    Timing timing = time(work(runs, 1, 50, 10, 30), new Timing.Effort(0, 0, 3));
    assertEquals(new Timing(10, 30, 3), timing);
    assertEquals(4, runs.get(), "one run warms up");
  }

  @Test
  void shouldWarmUpForAsLongAsAsked() {
    AtomicInteger runs = new AtomicInteger();
    Timing timing = time(work(runs, 40, 40, 40, 7), new Timing.Effort(100, 0, 1));
    assertEquals(new Timing(7, 7, 1), timing);
    assertEquals(4, runs.get());
  }

  @Test
  void shouldGoOnUntilTheTimeIsUp() {
    AtomicInteger runs = new AtomicInteger();
    Timing timing = time(work(runs, 10), new Timing.Effort(0, 95, 2));
    assertEquals(new Timing(10, 10, 10), timing);
  }

  @Test
  void shouldTakeTheMiddleOfTwo() {
    assertEquals(15, time(work(new AtomicInteger(), 5, 10, 20), new Timing.Effort(0, 0, 2)).medianNs());
  }

  @Test
  void shouldRefuseToMeasureNothing() {
    assertThrows(IllegalArgumentException.class, () -> new Timing.Effort(0, 0, 0));
  }
}
