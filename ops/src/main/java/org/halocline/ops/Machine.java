package org.halocline.ops;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.halocline.runtime.lane.CoreLane;
import org.halocline.runtime.layout.LaneOffer;
import org.halocline.runtime.layout.PlannedLayout;

/**
 * What this machine offers to one run, and how a JVM must be started to use it. Planned twice, by the small JVM that finds
 * out the heap and by the JVM that runs with it, with the same result: the first tells the second the memory it reckoned with.
 *
 * @param lanes
 *          how many, one a core
 * @param memoryBytes
 *          of all lanes together
 */
record Machine(int lanes, long memoryBytes) {

  /** The property by which the first JVM tells the second {@link #memoryBytes}. */
  static final String MEMORY = "halocline.lane-memory";
  private static final long MIB = 1L << 20;
  /** Of the heap, beside the lanes: Pekko, the job file, tables of the background. */
  private static final long BASE_BYTES = 256 * MIB;
  /** Large arrays fill at most 88% of the heap under the serial collector. */
  private static final double HEAP_PER_BYTE = 1.25;
  private static final double SHARE_OF_MEMORY = 0.85;

  /** As the launcher's first JVM sees it: all of the memory but what the system needs. */
  static Machine whole(OptionalInt lanes) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(lanesOr(lanes), forLanes((long) (system.getTotalMemorySize() * SHARE_OF_MEMORY)));
  }

  /** As this JVM may use it: what it was started for, or else what its heap holds. */
  static Machine ofThisJvm(OptionalInt lanes) {
    Long planned = Long.getLong(MEMORY);
    return planned == null
        ? new Machine(lanesOr(lanes), forLanes(Runtime.getRuntime().maxMemory()))
        : new Machine(lanesOr(lanes), planned);
  }

  List<LaneOffer> offers() {
    return IntStream.range(0, lanes).mapToObj(lane -> new LaneOffer("here", lane, CoreLane.KIND, memoryBytes / lanes))
        .toList();
  }

  /** The JVM options that give a planned job its memory. */
  List<String> jvmOptions(PlannedLayout planned) {
    long heapMib = (long) Math.ceil((planned.heapBytes() * HEAP_PER_BYTE + BASE_BYTES) / MIB);
    long directMib = (planned.offHeapBytes() + BASE_BYTES) / MIB;
    return List.of("-Xmx" + heapMib + "m", "-XX:MaxDirectMemorySize=" + directMib + "m", "-XX:+UseSerialGC",
        "-D" + MEMORY + "=" + memoryBytes);
  }

  private static int lanesOr(OptionalInt lanes) {
    return lanes.orElse(Runtime.getRuntime().availableProcessors());
  }

  private static long forLanes(long bytes) {
    return Math.max(MIB, (long) ((bytes - BASE_BYTES) / HEAP_PER_BYTE));
  }
}
