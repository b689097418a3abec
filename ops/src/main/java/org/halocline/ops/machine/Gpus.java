package org.halocline.ops.machine;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.halocline.cosmology.cuda.device.DeviceDescription;
import org.halocline.cosmology.cuda.gpu.Devices;
import org.halocline.domain.lane.CudaLanes;
import org.halocline.runtime.lane.LaneTraits;

/**
 * The GPUs that a run may have.
 *
 * @param list by ordinal
 * @param lanesEach how many lanes share a GPU
 * @param reason why there are not more, in words; empty where there is nothing to say
 */
public record Gpus(List<Gpu> list, int lanesEach, String reason) {
  /**
   * One.
   *
   * @param name the maker's
   * @param memoryBytes all of its memory
   */
  public record Gpu(int ordinal, String name, long memoryBytes) {}

  public Gpus {
    list = List.copyOf(list);
  }

  /** Stands for a machine that was not searched, since the job wants no GPU. */
  public static Gpus none() {
    return new Gpus(List.of(), 1, "");
  }

  /** Looks for the GPUs of this machine, which loads the driver. */
  public static Gpus here(int lanesEach) {
    Devices found = Devices.discover();
    return new Gpus(found.list().stream().map(Gpus::gpu).toList(), lanesEach, found.reason());
  }

  private static Gpu gpu(DeviceDescription found) {
    return new Gpu(found.ordinal(), found.name(), found.memoryBytes());
  }

  /** Makes GPUs to plan for that are not here. */
  public static Gpus supposed(int count, long memoryBytes, int lanesEach) {
    return new Gpus(
        IntStream.range(0, count).mapToObj(ordinal -> new Gpu(ordinal, "GPU, as supposed", memoryBytes)).toList(),
        lanesEach, "");
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  /** What their lanes are; which arithmetic they have is known once a device is opened. */
  public List<LaneTraits> lanes() {
    return list.stream().flatMap(gpu -> CudaLanes.traits(gpu.ordinal(), gpu.memoryBytes(), "", lanesEach).stream())
        .toList();
  }

  /** What their lanes may take together. */
  public long laneBytes() {
    return lanes().stream().mapToLong(LaneTraits::deviceBytes).sum();
  }

  /** "2 × NVIDIA H100 80GB HBM3". */
  public String inWords() {
    return list.stream().collect(Collectors.groupingBy(Gpu::name, java.util.TreeMap::new, Collectors.counting()))
        .entrySet().stream().map(kind -> kind.getValue() + " × " + kind.getKey()).collect(Collectors.joining(", "));
  }
}
