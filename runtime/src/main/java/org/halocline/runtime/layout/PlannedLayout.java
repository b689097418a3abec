package org.halocline.runtime.layout;

import java.util.List;
import org.halocline.runtime.config.Problem;

/**
 * What the planner chose.
 *
 * @param chains
 *          of the whole job
 * @param lanes
 *          one for each rank, domain by domain; rank r of domain d is at d · x · y + r
 * @param idle
 *          lanes that compute nothing because a lane of their node uses their memory too
 * @param chain
 *          what one chain takes on each rank of its domain
 * @param explanation
 *          the choice in one line, with its numbers
 * @param passedOver
 *          why layouts that go before this one in the order of preference were not taken
 */
public record PlannedLayout(Layout layout, int chains, List<LaneOffer> lanes, List<LaneOffer> idle,
    LayoutCost.Bytes chain, String explanation, List<Problem> passedOver) {
  public PlannedLayout {
    lanes = List.copyOf(lanes);
    idle = List.copyOf(idle);
    passedOver = List.copyOf(passedOver);
  }

  /** On the heap, over all lanes, bytes. */
  public long heapBytes() {
    return chains * chain.heapBytes();
  }

  /** Beside the heap, over all lanes, bytes. */
  public long nativeBytes() {
    return chains * chain.nativeBytes();
  }

  /** Over all lanes, bytes. */
  public long bytes() {
    return heapBytes() + nativeBytes();
  }
}
