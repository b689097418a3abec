package org.halocline.sampler.adapt;

import java.util.ArrayList;
import java.util.List;

/**
 * Stan's plan of a warm-up: an initial buffer that adapts the step size, slow windows of doubling length that learn the
 * metric, a final buffer that settles the step size. Immutable.
 *
 * @param draws draws of the whole warm-up
 * @param slowStart first draw of the first window
 * @param ends draws before which each window ends, ascending; the last one begins the final buffer
 */
public record Windows(int draws, int slowStart, List<Integer> ends) {
  private static final int INITIAL = 75;
  private static final int FINAL = 50;
  private static final int BASE = 25;
  private static final int LEAST_BASE = 10;

  public Windows {
    ends = List.copyOf(ends);
  }

  /**
   * Buffers of at most 75 and 50 draws, 15% and 15% of shorter warm-ups, and a first window of 10 to 25 draws; below 20
   * draws only the step size adapts.
   */
  public static Windows of(int draws) {
    if (draws < 20)
      return new Windows(draws, draws, List.of());
    int initial = Math.min(INITIAL, (int) (0.15 * draws));
    int last = draws - Math.min(FINAL, (int) (0.15 * draws));
    List<Integer> ends = new ArrayList<>();
    int start = initial;
    int size = Math.clamp((int) (0.1 * draws), LEAST_BASE, BASE);
    while (start < last) {
      int end = start + size;
      size *= 2;
      if (end + size > last)
        end = last;
      ends.add(end);
      start = end;
    }
    return new Windows(draws, initial, ends);
  }

  /** Whether the metric learns from this draw. */
  public boolean slow(int draw) {
    return draw >= slowStart && !ends.isEmpty() && draw < ends.getLast();
  }

  /** Whether a window ends with this draw. */
  public boolean endsWith(int draw) {
    return ends.contains(draw + 1);
  }
}
