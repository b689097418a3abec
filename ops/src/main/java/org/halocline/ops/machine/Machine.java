package org.halocline.ops.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.halocline.runtime.lane.CoreLane;
import org.halocline.runtime.layout.LaneOffer;

/**
 * What this machine offers to one run. Planned twice, by the small JVM that finds out the heap and by the JVM that runs with
 * it, with the same result: the first tells the second the memory it reckoned with.
 *
 * @param lanes
 *          how many, one a core
 * @param totalBytes
 *          of the machine or container
 * @param availableBytes
 *          what a run may take in all
 */
public record Machine(int lanes, long totalBytes, long availableBytes) {

  /** The property by which the first JVM tells the second {@link #availableBytes}. */
  public static final String MEMORY = "halocline.memory";
  /** The property by which the first JVM tells the second what it reckons the peak to be. */
  public static final String PEAK = "halocline.planned-peak";

  /** As the launcher's first JVM sees it: all of the memory that is there, or as much as asked. */
  public static Machine whole(OptionalInt lanes, OptionalLong memory) {
    HostMemory host = HostMemory.now();
    return new Machine(lanesOr(lanes), host.totalBytes(), memory.orElse(host.availableBytes()));
  }

  /** As this JVM may use it: what it was started for, or else what its heap holds. */
  public static Machine ofThisJvm(OptionalInt lanes) {
    long heap = Runtime.getRuntime().maxMemory();
    long available = Long.getLong(MEMORY, heap);
    return new Machine(lanesOr(lanes), Math.max(HostMemory.now().totalBytes(), available), available);
  }

  /** What all lanes may take together. */
  public long laneBytes() {
    return JvmNeeds.forLanes(availableBytes);
  }

  public List<LaneOffer> offers() {
    return offers(laneBytes());
  }

  /** The lanes as if memory had no end. */
  public List<LaneOffer> boundlessOffers() {
    return offers(1L << 60);
  }

  private List<LaneOffer> offers(long bytes) {
    return IntStream.range(0, lanes).mapToObj(lane -> new LaneOffer("here", lane, CoreLane.KIND, bytes / lanes))
        .toList();
  }

  /** The options of the JVM that runs what was planned here. */
  public List<String> options(JvmNeeds needs) {
    List<String> options = new ArrayList<>(needs.options());
    options.add("-D" + MEMORY + "=" + availableBytes);
    options.add("-D" + PEAK + "=" + needs.peakBytes());
    return options;
  }

  private static int lanesOr(OptionalInt lanes) {
    return lanes.orElse(Runtime.getRuntime().availableProcessors());
  }
}
