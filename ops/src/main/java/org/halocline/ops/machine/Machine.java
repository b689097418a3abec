package org.halocline.ops.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.halocline.domain.lane.CoreLanes;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.layout.LaneOffer;

/**
 * What this machine offers to one run. Planned twice, by the small JVM that finds out the heap and by the JVM that runs
 * with it, with the same result: the first tells the second the memory it reckoned with.
 *
 * @param lanes how many, one a core
 * @param totalBytes of the machine or container
 * @param availableBytes what a run may take in all
 * @param gpus those that the run wants; none where it wants none
 * @param cores that the lanes share
 */
public record Machine(int lanes, long totalBytes, long availableBytes, Gpus gpus, int cores) {
  /** The property by which the first JVM tells the second {@link #availableBytes}. */
  public static final String MEMORY = "halocline.memory";
  /** The property by which the first JVM tells the second what it reckons the peak to be. */
  public static final String PEAK = "halocline.planned-peak";
  private static final long BOUNDLESS = 1L << 50;

  /** A machine with a core for each lane. */
  public Machine(int lanes, long totalBytes, long availableBytes, Gpus gpus) {
    this(lanes, totalBytes, availableBytes, gpus, Math.max(lanes, coresHere()));
  }

  /** The cores that this process may use. */
  public static int coresHere() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The same lanes on the cores that are here, even if they are fewer. */
  public Machine oversubscribed() {
    return new Machine(lanes, totalBytes, availableBytes, gpus, coresHere());
  }

  /** The machine as the launcher's first JVM sees it: all of the memory that is there, or as much as asked. */
  public static Machine whole(OptionalInt lanes, OptionalLong memory) {
    HostMemory host = HostMemory.now();
    return new Machine(lanesOr(lanes), host.totalBytes(), memory.orElse(host.availableBytes()), Gpus.none());
  }

  /** The machine as this JVM may use it: what the JVM was started for, or else what its heap holds. */
  public static Machine ofThisJvm(OptionalInt lanes) {
    long heap = Runtime.getRuntime().maxMemory();
    long available = Long.getLong(MEMORY, heap);
    return new Machine(lanesOr(lanes), Math.max(HostMemory.now().totalBytes(), available), available, Gpus.none());
  }

  public Machine with(Gpus others) {
    return new Machine(lanes, totalBytes, availableBytes, others, cores);
  }

  /** What all lanes may take of the machine's memory together. */
  public long laneBytes() {
    return JvmNeeds.forLanes(availableBytes - (gpus.isEmpty() ? 0 : JvmNeeds.GPU_DRIVER_BYTES));
  }

  public List<LaneOffer> offers() {
    return offers(laneBytes(), gpus.lanes());
  }

  /** The lanes as if memory had no end. */
  public List<LaneOffer> boundlessOffers() {
    return offers(BOUNDLESS, gpus.lanes().stream()
        .map(lane -> LaneTraits.cuda(lane.name(), lane.arithmetic(), lane.device(), BOUNDLESS)).toList());
  }

  private List<LaneOffer> offers(long bytes, List<LaneTraits> onGpus) {
    List<LaneTraits> all = new ArrayList<>(CoreLanes.traits(lanes, bytes, cores));
    all.addAll(onGpus);
    return IntStream.range(0, all.size()).mapToObj(lane -> new LaneOffer("here", lane, all.get(lane))).toList();
  }

  /** The options of the JVM that runs what was planned here. */
  public List<String> options(JvmNeeds needs) {
    List<String> options = new ArrayList<>(needs.options());
    options.add("-D" + MEMORY + "=" + availableBytes);
    options.add("-D" + PEAK + "=" + needs.peakBytes());
    return options;
  }

  private static int lanesOr(OptionalInt lanes) {
    return lanes.orElse(coresHere());
  }
}
