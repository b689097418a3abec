package org.halocline.cosmology.cuda;

import org.halocline.cosmology.cuda.device.Device;
import org.halocline.cosmology.cuda.device.DeviceQueue;
import org.halocline.cosmology.cuda.memory.CudaMemory;
import org.halocline.cosmology.cuda.memory.StagingSlots;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Mesh;

/**
 * Makes the kernels of one GPU for one chain: kernels in CUDA C on a queue of its own. Calls return when work is
 * enqueued, except those that return a number or touch host memory, which wait. The chain's thread uses them; closing
 * their memory closes the queue.
 */
public final class CudaKernels {
  /** Squares of wave numbers, tables of the power, bins of a power spectrum, answers: little for any mesh. */
  private static final long TABLES = 8 << 20;

  private CudaKernels() {}

  /** @param queue which has no other user; it is closed with the memory */
  public static Kernels on(DeviceQueue queue) {
    Answer answer = new Answer(queue);
    StagingSlots slots = new StagingSlots(queue);
    ModeTables tables = new ModeTables(queue);
    return new Kernels(new CudaMemory(queue), new CudaVectors(queue, answer), new CudaParticles(queue, answer),
        new CudaMeshes(queue, answer, slots), new CudaSpectra(queue, slots, tables),
        new CudaModes(queue, answer, tables), new CudaPointwise(queue, answer));
  }

  /**
   * Names the numbers of a device's kernels, as a run's manifest does, such as {@code cuda/cufft-11.4.1/sm_90/lines-1}.
   */
  public static String arithmetic(Device device) {
    return device.arithmetic() + "/lines-" + LineBatches.VERSION;
  }

  /**
   * Device memory that one chain's kernels take beside its fields, bytes, an upper bound without the work area of the
   * FFT library: two batches of lines, packed halos where the mesh is split, tables and answers.
   *
   * @param ranks of the domain
   */
  public static long scratchBytes(Mesh mesh, int ranks) {
    long planes = 8L * mesh.nx() * mesh.ny();
    long packed = ranks == 1 ? 0 : StagingSlots.deviceBytes();
    return LineBatches.deviceBytes(mesh) + packed + planes + TABLES;
  }

  /**
   * Device memory that one chain's FFT library takes beside that for its work area, bytes: what is expected of cuFFT
   * for lines of these lengths.
   */
  public static long transformBytes(Mesh mesh) {
    return LineBatches.workBytes(mesh);
  }
}
