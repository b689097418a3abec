package org.halocline.sampler.model;

import java.util.List;
import org.halocline.cosmology.cuda.CudaKernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.runtime.lane.LaneTraits;
import org.halocline.runtime.layout.MemoryPart;
import org.halocline.sampler.model.cost.Forecasts;

/**
 * {@code layout.device}: the kind of lane that a job runs on, and where such lanes keep what a chain allocates. It
 * decides the arithmetic, so it is never chosen for the user.
 */
public enum LayoutDevice {
  /** Cores; fields on the heap. */
  CORE(List.of(LaneTraits.CORE), 1 << 29),
  /** GPUs; fields in their memory. */
  GPU(List.of(LaneTraits.CUDA), Integer.MAX_VALUE),
  /**
   * GPUs and cores side by side in one domain, GPUs first. The numbers agree with either to tolerance only, and with
   * themselves only on the same lanes. Memory is reckoned as if a rank could be on any of them.
   */
  MIXED(List.of(LaneTraits.CUDA, LaneTraits.CORE), 1 << 29);

  private final List<String> laneKinds;
  private final int mostCells;

  LayoutDevice(List<String> laneKinds, int mostCells) {
    this.laneKinds = laneKinds;
    this.mostCells = mostCells;
  }

  /** The first preferred. */
  public List<String> laneKinds() {
    return laneKinds;
  }

  /** Cells of a rank, without ghosts. */
  public int mostCells() {
    return mostCells;
  }

  /** Fields that a lane holds. */
  public List<MemoryPart> fields(String name, long bytes) {
    return switch (this) {
      case CORE -> List.of(MemoryPart.heap(name, bytes));
      case GPU -> List.of(MemoryPart.onDevice(name, bytes));
      case MIXED -> List.of(MemoryPart.onDevice(name, bytes), MemoryPart.heap(name, bytes));
    };
  }

  /** What the kernels of one chain hold for themselves on any rank. */
  public List<MemoryPart> kernels(Decomposition decomposition) {
    return this == CORE
        ? List.of()
        : List.of(MemoryPart.onDevice("kernels and transforms",
            CudaKernels.scratchBytes(decomposition.mesh(), decomposition.ranks())
                + CudaKernels.transformBytes(decomposition.mesh())));
  }

  /** A calibration is of cores. */
  public Forecasts known(Forecasts ofCores) {
    return this == CORE ? ofCores : Forecasts.withoutTimes("no estimate: not measured on this GPU");
  }
}
