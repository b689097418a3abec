package org.halocline.runtime.layout;

import java.util.List;
import org.halocline.runtime.config.Problem;

/** What a layout takes of each lane, or why it cannot be. */
public sealed interface LayoutCost {

  /**
   * The layout is possible.
   *
   * @param heapBytes
   *          on the Java heap, for the busiest lane, all chains of its domain together
   * @param offHeapBytes
   *          beside the heap, for the busiest lane
   */
  record Bytes(long heapBytes, long offHeapBytes) implements LayoutCost {
    public long total() {
      return heapBytes + offHeapBytes;
    }
  }

  /** The layout is impossible whatever the memory. */
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
