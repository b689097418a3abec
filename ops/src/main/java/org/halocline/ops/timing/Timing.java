package org.halocline.ops.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How long something takes, run again and again on one thread.
 *
 * @param bestNs the fastest run: what the machine can do when it is left alone
 * @param medianNs the run in the middle; far above the best, it says that the machine was not left alone
 * @param runs that were timed
 */
public record Timing(double bestNs, double medianNs, int runs) {
  /**
   * How hard to try.
   *
   * @param warmUpNs runs are not counted until so much time has gone, and one run at least
   * @param measureNs runs are counted until so much time has gone
   * @param leastRuns that are counted, however long they take
   */
  public record Effort(long warmUpNs, long measureNs, int leastRuns) {
    public Effort {
      if (leastRuns < 1)
        throw new IllegalArgumentException(leastRuns + " runs");
    }
  }

  public static Timing of(Runnable work, Effort effort, LongSupplier clockNs) {
    long began = clockNs.getAsLong();
    do
      work.run();
    while (clockNs.getAsLong() - began < effort.warmUpNs);
    List<Long> taken = new ArrayList<>();
    long before = clockNs.getAsLong();
    long start = before;
    do {
      work.run();
      long after = clockNs.getAsLong();
      taken.add(after - before);
      before = after;
    } while (taken.size() < effort.leastRuns || before - start < effort.measureNs);
    return of(taken);
  }

  private static Timing of(List<Long> taken) {
    List<Long> sorted = taken.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median = sorted.size() % 2 == 1
        ? sorted.get(middle)
        : 0.5 * (sorted.get(middle - 1) + sorted.get(middle));
    return new Timing(sorted.getFirst(), median, sorted.size());
  }
}
