package org.halocline.ops.bench;

import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.ops.machine.JvmNeeds;
import org.halocline.ops.timing.BenchModel;
import org.halocline.runtime.layout.RankMemory;
import org.halocline.sampler.model.BlockGather;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.Use;
import org.halocline.sampler.model.nbody.NbodyPlan;

/** What the JVM of a benchmark takes: what its largest part does, for the parts come one after the other. */
public final class BenchNeeds {
  private static final int FLOAT_BYTES = 4;
  /** Our cube, its spectrum and its way back; theirs, and what their transform makes beside it. */
  private static final int FOURIER_FLOATS = 6;
  /** Noise, density, a kick's forces, and two arrays that are copied into each other. */
  private static final int KERNEL_FLOATS = 6;
  /** A job's noise and data, and the data on their way to a file. */
  private static final int JOB_FLOATS = 3;
  private static final int FEWEST_CELLS = 16;
  private static final int BETWEEN_CELLS = 16;
  /** Any number that the model allows; memory does not depend on it. */
  private static final int STEPS = 10;

  private BenchNeeds() {}

  /** The needs of a whole benchmark. */
  public static JvmNeeds of(Bench bench) {
    long fourier = bench.transforms().stream().mapToLong(BenchNeeds::fourierBytes).max().orElse(0);
    return of(bench.cells(), bench.lanes(), Math.max(fourier, kernelBytes(bench.cells())));
  }

  /** The needs of gradients of cubes up to this one, and of a transform of it. */
  public static JvmNeeds ofPasses(int cells, int lanes) {
    return of(cells, lanes, fourierBytes(cells));
  }

  /**
   * The needs of the pieces and passes of a cube on one GPU. Fields are in its memory, and pass through the heap a part
   * at a time.
   */
  public static JvmNeeds ofGpu(int cells) {
    NbodyPlan settings = new BenchModel(cells, STEPS).settings(LayoutDevice.GPU);
    Decomposition whole = Decomposition.even(settings.plan().mesh(), 1, 1);
    RankMemory job = settings.memory(Use.EVALUATE, whole, 0);
    long plane = FLOAT_BYTES * (long) cells * cells;
    long heap = Math.max(GpuBench.hostBytes(cells), job.heapBytes() + BlockGather.bufferBytes(whole, 0) + plane);
    return new JvmNeeds(heap, TransportBench.NATIVE_BYTES + job.nativeBytes() + JvmNeeds.GPU_DRIVER_BYTES, true);
  }

  /** The needs of {@link #ofGpu(int)}, and of the light cones that such a lane of a GPU holds. */
  public static JvmNeeds ofGpu(int cells, long deviceBytes) {
    JvmNeeds needs = ofGpu(cells);
    for (BenchModel model : GpuBench.cones(cells, deviceBytes)) {
      RankMemory job = model.gpuMemory();
      Decomposition whole = Decomposition.even(model.settings().plan().mesh(), 1, 1);
      needs = new JvmNeeds(Math.max(needs.heapBytes(), job.heapBytes() + BlockGather.bufferBytes(whole, 0)),
          Math.max(needs.nativeBytes(), job.nativeBytes() + JvmNeeds.GPU_DRIVER_BYTES), true);
    }
    return needs;
  }

  private static JvmNeeds of(int cells, int lanes, long otherHeapBytes) {
    long heap = otherHeapBytes;
    long beside = TransportBench.NATIVE_BYTES;
    for (int subdomains = 1; subdomains <= Math.min(2, lanes); subdomains++) {
      RankMemory all = job(cells, subdomains);
      heap = Math.max(heap, all.heapBytes() + JOB_FLOATS * FLOAT_BYTES * cube(cells));
      beside = Math.max(beside, all.nativeBytes());
    }
    return new JvmNeeds(heap, beside, true);
  }

  /** The largest cube below this one that so much memory holds; 0 where it holds none. */
  public static int largest(int cells, int lanes, long availableBytes) {
    for (int fewer = cells / BETWEEN_CELLS * BETWEEN_CELLS; fewer >= FEWEST_CELLS; fewer -= BETWEEN_CELLS)
      if (of(fewer, lanes, kernelBytes(fewer)).neededBytes() <= availableBytes)
        return fewer;
    return 0;
  }

  /** The memory of all ranks of a gradient together. */
  private static RankMemory job(int cells, int subdomains) {
    NbodyPlan settings = new BenchModel(cells, STEPS).settings();
    Decomposition cut = Decomposition.even(settings.plan().mesh(), subdomains, 1);
    long heap = 0;
    long beside = 0;
    for (int rank = 0; rank < subdomains; rank++) {
      RankMemory one = settings.memory(Use.EVALUATE, cut, rank);
      heap += one.heapBytes() + BlockGather.bufferBytes(cut, rank);
      beside += one.nativeBytes();
    }
    return RankMemory.of(heap, beside);
  }

  private static long kernelBytes(int cells) {
    SimulationPlan plan = new BenchModel(cells, STEPS).settings().plan();
    return plan.fieldBytes(Purpose.FORWARD, Decomposition.even(plan.mesh(), 1, 1), 0)
        + KERNEL_FLOATS * FLOAT_BYTES * cube(cells);
  }

  private static long fourierBytes(int cells) {
    return FOURIER_FLOATS * FLOAT_BYTES * cube(cells);
  }

  private static long cube(int cells) {
    return (long) cells * cells * cells;
  }
}
