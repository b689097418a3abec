package org.halocline.ops.timing;

import java.util.List;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.transform.Fourier;
import org.jtransforms.fft.FloatFFT_3D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * A transform of a cube there and back on one core, beside the same by JTransforms; and the potential of a density,
 * which goes there and back in fewer sweeps and divides by k² on the way.
 */
public record FourierBench(int cells) {
  public List<Measurement> measure(Timing.Effort effort) {
    Mesh mesh = new Mesh(cells, cells, cells, cells, cells, cells);
    Decomposition whole = Decomposition.even(mesh, 1, 1);
    Grid grid = Grid.of(whole, 0, 0, 0);
    Kernels kernels = CoreKernels.of();
    Timing ours;
    Timing potential;
    try (Memory memory = kernels.memory()) {
      Fourier fourier = new Fourier(whole, 0, kernels, Port.solo(), memory::staging);
      Field.Floats real = memory.floats(grid.size());
      Field.Floats work = memory.floats(fourier.floats());
      Field.Floats back = memory.floats(grid.size());
      kernels.vectors().normal(real, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
      ours = Timing.of(() -> {
        fourier.forward(real, grid, work);
        fourier.inverse(work, back, grid);
      }, effort, System::nanoTime);
      potential = Timing.of(() -> fourier.inverseLaplacian(real, grid, work, back, grid, 1.0 / mesh.size()), effort,
          System::nanoTime);
    }
    double theirs = jTransforms(effort).bestNs() / mesh.size();
    List<Integer> cube = List.of(cells, cells, cells);
    return List.of(
        Measurement.of("fft-r2c-c2r", cube, Measurement.Unit.NS_PER_CELL, ours, mesh.size()).beside("JTransforms",
            theirs),
        Measurement.of("potential", cube, Measurement.Unit.NS_PER_CELL, potential, mesh.size()).beside("fft-r2c-c2r",
            ours.bestNs() / mesh.size()));
  }

  private Timing jTransforms(Timing.Effort effort) {
    ConcurrencyUtils.setNumberOfThreads(1);
    FloatFFT_3D transform = new FloatFFT_3D(cells, cells, cells);
    float[] values = new float[cells * cells * cells];
    for (int i = 0; i < values.length; i++)
      values[i] = (i * 7919 % 1009) / 1009f;
    return Timing.of(() -> {
      transform.realForward(values);
      transform.realInverse(values, true);
    }, effort, System::nanoTime);
  }
}
