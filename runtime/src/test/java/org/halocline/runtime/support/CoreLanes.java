package org.halocline.runtime.support;

import java.util.List;
import java.util.stream.IntStream;
import org.halocline.runtime.lane.FairLane;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.lane.LaneTraits;

/** Plain core lanes, for programs without lane state of their own. */
public final class CoreLanes implements LaneSource {
  @Override
  public String kind() {
    return LaneTraits.CORE;
  }

  @Override
  public List<Lane> open(int cores, long memoryBytes) {
    return IntStream.range(0, cores).<Lane>mapToObj(
        i -> new FairLane(LaneTraits.core(LaneTraits.CORE + "-" + i, "core/plain", memoryBytes / cores, 0))).toList();
  }
}
