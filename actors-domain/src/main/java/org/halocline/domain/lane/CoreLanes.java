package org.halocline.domain.lane;

import java.util.List;
import java.util.stream.IntStream;
import org.halocline.cosmology.core.Arithmetic;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.lane.LaneTraits;

/** Offers the cores of a node as lanes with {@link CoreKernels}; each gets an equal share of the memory. */
public final class CoreLanes implements LaneSource {

  @Override
  public String kind() {
    return LaneTraits.CORE;
  }

  @Override
  public List<Lane> open(int cores, long memoryBytes) {
    return traits(cores, memoryBytes).stream().<Lane>map(traits -> new KernelLane(traits) {
      @Override
      public Kernels open(Runnable poll) {
        return CoreKernels.of(Arithmetic.resolved(), poll);
      }
    }).toList();
  }

  /** What the lanes will be, without opening them. */
  public static List<LaneTraits> traits(int lanes, long memoryBytes) {
    return traits(lanes, memoryBytes, Runtime.getRuntime().availableProcessors());
  }

  /** On a host of so many cores. */
  public static List<LaneTraits> traits(int lanes, long memoryBytes, int hostCores) {
    String arithmetic = Arithmetic.resolved().name();
    return IntStream.range(0, lanes)
        .mapToObj(i -> LaneTraits.core(LaneTraits.CORE + "-" + i, arithmetic, memoryBytes / lanes, hostCores))
        .toList();
  }
}
