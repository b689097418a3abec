package org.halocline.domain;

import java.util.List;
import java.util.stream.IntStream;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.runtime.lane.CoreLane;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.lane.LaneTimes;

/** Offers the cores of a node as lanes with {@link CoreKernels}; each gets an equal share of the memory. */
public final class CoreLanes implements LaneSource {

  @Override
  public String kind() {
    return CoreLane.KIND;
  }

  @Override
  public List<Lane> open(int wanted, long memoryBytes) {
    return IntStream.range(0, wanted)
        .<Lane>mapToObj(i -> new KernelCore(new CoreLane(CoreLane.KIND + "-" + i, memoryBytes / wanted))).toList();
  }

  private record KernelCore(CoreLane core) implements KernelLane {
    @Override
    public Kernels open() {
      return new CoreKernels();
    }

    @Override
    public String name() {
      return core.name();
    }

    @Override
    public String kind() {
      return core.kind();
    }

    @Override
    public long memoryBytes() {
      return core.memoryBytes();
    }

    @Override
    public void acquire() {
      core.acquire();
    }

    @Override
    public void release() {
      core.release();
    }

    @Override
    public boolean contended() {
      return core.contended();
    }

    @Override
    public boolean overdue() {
      return core.overdue();
    }

    @Override
    public LaneTimes times() {
      return core.times();
    }

    @Override
    public String toString() {
      return core.name();
    }
  }
}
