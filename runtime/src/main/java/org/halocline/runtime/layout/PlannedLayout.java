package org.halocline.runtime.layout;

import java.util.List;
import java.util.stream.Collectors;
import org.halocline.runtime.config.Problem;

/**
 * What the planner chose.
 *
 * @param chains of the whole job
 * @param lanes one for each rank, domain by domain; rank r of domain d is at d · x · y + r
 * @param idle lanes that compute nothing because a lane of their node uses their memory too
 * @param chain what one chain takes on each rank of its domain
 * @param explanation the choice in one line, with its numbers
 * @param passedOver why layouts that go before this one in the order of preference were not taken
 */
public record PlannedLayout(Layout layout, int chains, List<LaneOffer> lanes, List<LaneOffer> idle,
    LayoutCost.Bytes chain, String explanation, List<Problem> passedOver) {
  /** Between the arithmetics of a layout that has several. */
  public static final String AND = " + ";

  public PlannedLayout {
    lanes = List.copyOf(lanes);
    idle = List.copyOf(idle);
    passedOver = List.copyOf(passedOver);
  }

  PlannedLayout because(String more) {
    return new PlannedLayout(layout, chains, lanes, idle, chain, explanation + more, passedOver);
  }

  public Sharing sharing() {
    return Sharing.of(layout, lanes);
  }

  /** On the heap, over all lanes, bytes. */
  public long heapBytes() {
    return chains * chain.heapBytes();
  }

  /** Beside the heap, over all lanes, bytes. */
  public long nativeBytes() {
    return chains * chain.nativeBytes();
  }

  /** On devices, over all lanes, bytes. */
  public long deviceBytes() {
    return lanes.stream().allMatch(lane -> lane.traits().device().isEmpty()) ? 0 : chains * chain.deviceBytes();
  }

  /** Of the nodes, over all lanes, bytes. */
  public long bytes() {
    return heapBytes() + nativeBytes();
  }

  /**
   * What decides the bits of the results besides the job: that of the lanes, such as "core/vector-fft-1"; where they
   * differ, as only a job that asks for it may have it, all of them, "core/vector-fft-1 + cuda/cufft-11". A run goes on
   * under the arithmetic it began with, or not at all. Empty where a JVM that only plans cannot know.
   */
  public String arithmetic() {
    return lanes.stream().map(lane -> lane.traits().arithmetic()).anyMatch(String::isEmpty)
        ? ""
        : lanes.stream().map(lane -> lane.traits().arithmetic()).distinct().sorted()
            .collect(Collectors.joining(AND));
  }
}
