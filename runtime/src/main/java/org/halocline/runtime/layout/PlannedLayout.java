package org.halocline.runtime.layout;

import java.util.List;

/**
 * What the planner chose.
 *
 * @param lanes
 *          one for each rank, domain by domain; rank r of domain d is at d · x · y + r
 * @param cost
 *          of the busiest lane
 * @param explanation
 *          the choice in one line, with its numbers
 */
public record PlannedLayout(Layout layout, List<LaneOffer> lanes, LayoutCost.Bytes cost, String explanation) {
  public PlannedLayout {
    lanes = List.copyOf(lanes);
  }

  /** On the heap, over all lanes, bytes. */
  public long heapBytes() {
    return layout.lanes() * cost.heapBytes();
  }

  /** Beside the heap, over all lanes, bytes. */
  public long offHeapBytes() {
    return layout.lanes() * cost.offHeapBytes();
  }
}
