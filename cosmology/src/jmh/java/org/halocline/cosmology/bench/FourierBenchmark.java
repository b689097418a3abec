package org.halocline.cosmology.bench;

import java.util.concurrent.TimeUnit;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.transform.Fourier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The transform of a cube, there and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FourierBenchmark {

  @Param({"64", "128", "256"})
  public int cells;

  private Kernels kernels;
  private Fourier fourier;
  private Grid grid;
  private Field.Floats real;
  private Field.Floats work;
  private Field.Floats back;

  @Setup(Level.Trial)
  public void allocate() {
    Decomposition whole = Decomposition.even(new Mesh(cells, cells, cells, cells, cells, cells), 1, 1);
    kernels = CoreKernels.of();
    grid = Grid.of(whole, 0, 0, 0);
    fourier = new Fourier(whole, 0, kernels, Port.solo(), kernels.memory()::staging);
    real = kernels.memory().floats(grid.size());
    work = kernels.memory().floats(fourier.floats());
    back = kernels.memory().floats(grid.size());
    kernels.vectors().normal(real, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
  }

  @TearDown(Level.Trial)
  public void free() {
    kernels.memory().close();
  }

  @Benchmark
  public Field.Floats thereAndBack() {
    fourier.forward(real, grid, work);
    fourier.inverse(work, back, grid);
    return back;
  }
}
