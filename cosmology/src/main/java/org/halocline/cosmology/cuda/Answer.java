package org.halocline.cosmology.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.halocline.cosmology.cuda.device.DeviceBuffer;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.kernel.ExactSum;

/**
 * What kernels answer with: an exact sum and largest magnitudes, in slots that blocks take in turn. A kernel adds
 * integers or takes the larger, so neither depends on order. Cleared before the launch, joined here after it. The
 * layout is that of {@code sums.cuh}.
 */
final class Answer {
  private static final int SLOTS = 512;
  private static final int WORDS = 16;
  private static final int LARGEST = 5;
  /** Words of a sum: four times 32 bits, each in a number of 64, and the count of terms that are none. */
  static final int SUM_WORDS = 5;
  private static final long LOW = 0xffffffffL;

  private final DeviceQueue queue;
  private final DeviceBuffer device;
  private final MemorySegment host;
  private final long[] words = new long[WORDS];
  private final long[] stored = new long[ExactSum.WORDS];

  Answer(DeviceQueue queue) {
    this.queue = queue;
    this.device = queue.allocate(bytes());
    this.host = queue.pinned(bytes());
  }

  /** Memory it takes, on the device and of page-locked memory alike. */
  static long bytes() {
    return 8L * SLOTS * WORDS;
  }

  /** Empty slots for the next kernel. */
  DeviceBuffer cleared() {
    queue.clear(device, 0, bytes());
    return device;
  }

  /** Waits for the kernel. */
  Answer await() {
    queue.copyToHost(device, 0, host, bytes());
    queue.finish();
    for (int word = 0; word < WORDS; word++) {
      long joined = 0;
      for (int slot = 0; slot < SLOTS; slot++) {
        long value = host.getAtIndex(ValueLayout.JAVA_LONG, (long) slot * WORDS + word);
        joined = word >= LARGEST ? Math.max(joined, value) : joined + value;
      }
      words[word] = joined;
    }
    return this;
  }

  /** The largest magnitude; NaN if any was. */
  double largest() {
    return largest(0);
  }

  /** One of several largest magnitudes; NaN if any was. */
  double largest(int which) {
    return Double.longBitsToDouble(words[LARGEST + which]);
  }

  /** The largest of integers, and at least 0. */
  long largestInteger() {
    return words[LARGEST];
  }

  /** The sum of plain integers. */
  long total() {
    return words[0];
  }

  void addTo(ExactSum sum) {
    add(words, 0, stored, sum);
  }

  /**
   * Adds a sum as kernels keep it to an exact sum.
   *
   * @param scratch of {@link ExactSum#WORDS}
   */
  static void add(long[] words, int at, long[] scratch, ExactSum sum) {
    long second = words[at + 1] + (words[at] >>> 32);
    long third = words[at + 2] + (second >>> 32);
    long top = words[at + 3] + (third >>> 32);
    scratch[0] = top << 32 | third & LOW;
    scratch[1] = second << 32 | words[at] & LOW;
    // What is beyond 128 bits counts as turns, in twos; bit 0 is a term that was no number.
    scratch[2] = (top - (int) top >> 32) * 2 | (words[at + 4] == 0 ? 0 : 1);
    sum.addStored(scratch, 0);
  }
}
