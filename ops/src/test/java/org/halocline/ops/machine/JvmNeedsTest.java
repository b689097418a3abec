package org.halocline.ops.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JVM is started with: its options hold the job, and what is planned for lanes fits what there is. */
@Timeout(300)
class JvmNeedsTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /** -Xmx and its like in bytes, by their names. */
  private static Map<String, Long> sizes(JvmNeeds needs) {
    Map<String, Long> sizes = new TreeMap<>();
    Pattern size = Pattern.compile("-(X[a-z]+|XX:[A-Za-z]+=)(\\d+)(m?)");
    for (String option : needs.options()) {
      Matcher found = size.matcher(option);
      if (found.matches())
        sizes.put(found.group(1), Long.parseLong(found.group(2)) * (found.group(3).isEmpty() ? 1 : MIB));
    }
    return sizes;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 100_000, 50 * MIB, 3 * GIB + 1, 19 * GIB, 200 * GIB})
  void shouldHoldTheJobBesideWhatComesAndGoes(long heap) {
    JvmNeeds needs = new JvmNeeds(heap, 7 * MIB + 3, true);
    Map<String, Long> sizes = sizes(needs);
    assertEquals(sizes.get("Xms"), sizes.get("Xmx"), "a heap of fixed size");
    assertEquals(needs.heapLimitBytes(), sizes.get("Xmx"));
    long old = sizes.get("Xmx") - sizes.get("Xmn");
    assertTrue(old >= heap + JvmNeeds.OLD_BYTES + JvmNeeds.SPARE_HEAP_BYTES, sizes + " for " + heap);
    assertTrue(sizes.get("XX:MaxDirectMemorySize=") >= needs.nativeBytes(), sizes::toString);
    assertTrue(sizes.get("Xmn") >= JvmNeeds.YOUNG_BYTES, sizes::toString);
    assertTrue(sizes.get("XX:PretenureSizeThreshold=") < sizes.get("Xmn") / 4, "what is no field is young");
    assertTrue(needs.options().contains("-XX:+UseSerialGC"));
  }

  @Test
  void shouldGiveLargerHeapsMoreRoomForShortLives() {
    long young = 0;
    for (long heap : List.of(GIB, 4 * GIB, 8 * GIB, 64 * GIB)) {
      long more = sizes(new JvmNeeds(heap, 0, false)).get("Xmn");
      assertTrue(more >= young && more <= 128 * MIB, heap + ": " + more);
      young = more;
    }
    assertEquals(128 * MIB, young);
  }

  @Test
  void shouldNeedTheDataPlaneOnlyWhereRanksTalk() {
    assertEquals(JvmNeeds.DATA_PLANE_BYTES,
        new JvmNeeds(GIB, MIB, true).peakBytes() - new JvmNeeds(GIB, MIB, false).peakBytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 64 * MIB, GIB, 12 * GIB, 128 * GIB})
  void shouldReserveSomethingBeyondThePeak(long heap) {
    JvmNeeds needs = new JvmNeeds(heap, heap / 10, true);
    assertEquals(needs.heapBytes() + needs.nativeBytes() + needs.ownBytes(), needs.peakBytes());
    assertEquals(needs.neededBytes(), needs.peakBytes() + needs.reserveBytes());
    assertTrue(
        needs.reserveBytes() >= 64 * MIB && needs.reserveBytes() <= 64 * MIB + 0.05 * needs.peakBytes() + 8 * MIB,
        needs + " reserves " + needs.reserveBytes());
  }

  /**
   * For any share of heap in the lanes' memory that a job takes, the machine has the memory that its JVM then needs.
   */
  @ParameterizedTest
  @ValueSource(longs = {700 * MIB, 2 * GIB, 7 * GIB, 24 * GIB, 1000 * GIB})
  void shouldGiveLanesNoMoreThanTheMachineHolds(long available) {
    long lanes = JvmNeeds.forLanes(available);
    assertTrue(lanes > 0.48 * available, () -> lanes + " of " + available);
    for (double onHeap : new double[]{0, 0.5, 1}) {
      long heap = (long) (onHeap * lanes);
      JvmNeeds needs = new JvmNeeds(heap, lanes - heap, true);
      assertTrue(needs.neededBytes() <= available + MIB, () -> needs + " needs " + needs.neededBytes());
      assertFalse(needs.neededBytes() < 0.97 * available - 64 * MIB, () -> needs + " leaves too much unused");
    }
  }

  @Test
  void shouldGiveLanesNothingWhereTheJvmAloneIsTooLarge() {
    assertEquals(0, JvmNeeds.forLanes(0));
    assertEquals(0, JvmNeeds.forLanes(200 * MIB));
  }

  @Test
  void shouldTellTheSecondJvmWhatTheFirstReckonedWith() {
    Machine machine = new Machine(2, 24 * GIB, 20 * GIB, Gpus.none());
    JvmNeeds needs = new JvmNeeds(GIB, MIB, true);
    List<String> options = machine.options(needs);
    assertTrue(options.containsAll(needs.options()), options::toString);
    assertTrue(options.contains("-Dhalocline.memory=" + 20 * GIB), options::toString);
    assertTrue(options.contains("-Dhalocline.planned-peak=" + needs.peakBytes()), options::toString);
  }
}
