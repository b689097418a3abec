package org.halocline.ops.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.halocline.ops.machine.JvmNeeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a benchmark's JVM is started with grows with what it is asked for. */
@Timeout(300)
class BenchNeedsTest {
  private static final long GIB = 1L << 30;

  @Test
  void shouldHoldTheTransformsOfASmallBenchmark() {
    JvmNeeds needs = BenchNeeds.of(Bench.full(16, 2));
    assertTrue(needs.heapBytes() >= 4L * 4 * 256 * 256 * 256, needs::toString);
    assertTrue(needs.heapBytes() < GIB / 2, needs::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 384, 512})
  void shouldHoldAGradientOfTheMeshAskedFor(int cells) {
    long particles = (long) cells * cells * cells;
    JvmNeeds needs = BenchNeeds.of(Bench.full(cells, 2));
    assertTrue(needs.heapBytes() >= 68 * particles, needs::toString);
    assertTrue(needs.heapBytes() <= 110 * particles + GIB / 2, needs::toString);
  }

  @Test
  void shouldKeepNoFieldOfAGpuOnTheHeap() {
    JvmNeeds needs = BenchNeeds.ofGpu(1024);
    assertTrue(needs.heapBytes() >= 2 * 4L << 24, needs::toString);
    assertTrue(needs.neededBytes() < 4 * GIB, needs::toString);
    assertTrue(BenchNeeds.ofGpu(64).heapBytes() < needs.heapBytes(), needs::toString);
  }

  @Test
  void shouldFindTheLargestMeshThatFits() {
    long available = 6 * GIB;
    int fits = BenchNeeds.largest(512, 2, available);
    assertEquals(0, fits % 16);
    assertTrue(fits >= 256 && fits < 512, "fits " + fits);
    assertTrue(BenchNeeds.of(Bench.quick(fits, 2)).neededBytes() <= available, "does not fit: " + fits);
    assertTrue(BenchNeeds.of(Bench.quick(fits + 16, 2)).neededBytes() > available, "more fits than " + fits);
    assertEquals(0, BenchNeeds.largest(512, 2, 100 << 20));
  }
}
