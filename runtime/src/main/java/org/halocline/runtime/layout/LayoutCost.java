package org.halocline.runtime.layout;

import java.util.List;
import org.halocline.runtime.config.Problem;

/** What one chain takes of the lanes of its domain in a layout, or why the layout cannot be. */
public sealed interface LayoutCost {

  /**
   * The layout is possible.
   *
   * @param ranks of one chain, by rank
   */
  record Bytes(List<RankMemory> ranks) implements LayoutCost {
    public Bytes {
      ranks = List.copyOf(ranks);
    }

    public long heapBytes() {
      return ranks.stream().mapToLong(RankMemory::heapBytes).sum();
    }

    /** Beside the heap, of all ranks together. */
    public long nativeBytes() {
      return ranks.stream().mapToLong(RankMemory::nativeBytes).sum();
    }

    /** Of devices, of all ranks together. */
    public long deviceBytes() {
      return ranks.stream().mapToLong(RankMemory::deviceBytes).sum();
    }

    /** Of the rank that takes most of its node. */
    public long largestRankBytes() {
      return ranks.stream().mapToLong(RankMemory::nodeBytes).max().orElse(0);
    }

    /** Of the rank that takes most of its device. */
    public long largestDeviceBytes() {
      return ranks.stream().mapToLong(RankMemory::deviceBytes).max().orElse(0);
    }
  }

  /** The layout is impossible with any memory. */
  record Refused(List<Problem> problems) implements LayoutCost {
    public Refused {
      problems = List.copyOf(problems);
      if (problems.isEmpty())
        throw new IllegalArgumentException("refused, but without a problem");
    }

    public Refused(Problem problem) {
      this(List.of(problem));
    }
  }
}
