package org.halocline.cosmology.bench;

import java.util.concurrent.TimeUnit;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Particles.Moved;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Scheme;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.Timeline;
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

/** Kernels over all particles of a cube, moved by a simulation as far as particles go in cells of 4 Mpc/h. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParticlesBenchmark {
  private static final double CELL_MPC_H = 4;
  private static final double REACH = 9;
  private static final double MOMENTUM_GROWTH = 256;
  private static final double NOTHING = 1e-9;

  @Param({"64", "128"})
  public int cells;

  private final ExactSum sum = new ExactSum();
  private Kernels kernels;
  private Simulation simulation;
  private ParticleSet set;
  private Grid grid;
  private int[] reach;
  private Field.Ints painted;
  private Field.Floats potential;
  private Potential force;
  private int sign = 1;

  @Setup(Level.Trial)
  public void move() throws LimitException {
    double side = cells * CELL_MPC_H;
    Decomposition whole = Decomposition.even(new Mesh(cells, cells, cells, side, side, side), 1, 1);
    kernels = CoreKernels.of();
    grid = Grid.of(whole, 0, 0, 0);
    FixedPoint units = FixedPoint.of(REACH, MOMENTUM_GROWTH);
    SimulationPlan plan = new SimulationPlan(whole.mesh(),
        new Timeline(0.1, 2, Scheme.BULLFROG, new Edges.Snapshot(4, Spacing.LOG_A)),
        new double[]{REACH, REACH, REACH}, units);
    simulation = new Simulation(plan, whole, 0, kernels, Port.solo());
    potential = kernels.memory().floats(grid.size());
    kernels.vectors().normal(potential, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
    simulation.forward(Theta.usual(Cosmology.PARAMETERS), potential);
    reach = new int[]{plan.haloCells(0), plan.haloCells(1), plan.haloCells(2)};
    painted = kernels.memory().ints(grid.size());
    force = new Potential(potential, grid, new double[]{CELL_MPC_H, CELL_MPC_H, CELL_MPC_H},
        kernels.memory().floats(ForceBlock.of(grid, reach).floats(reach)));
    set = simulation.particles();
  }

  @TearDown(Level.Trial)
  public void free() {
    simulation.close();
    kernels.memory().close();
  }

  @Benchmark
  public Field.Ints paint() {
    kernels.particles().paint(set, reach, painted, grid, () -> {});
    return painted;
  }

  @Benchmark
  public Moved kick() {
    return kernels.particles().kick(set, reach, force, NOTHING, new double[0], () -> {});
  }

  @Benchmark
  public Moved kickAndDrift() {
    return kernels.particles().kick(set, reach, force, NOTHING, new double[]{NOTHING, -NOTHING}, () -> {});
  }

  @Benchmark
  public ExactSum kickTranspose() {
    kernels.particles().kickTranspose(set, reach, force, NOTHING, sum, () -> {});
    return sum;
  }

  @Benchmark
  public double[] drift() {
    double[] largest = kernels.particles().drift(set, NOTHING, sign);
    sign = -sign;
    return largest;
  }

  @Benchmark
  public Field.Floats paintTranspose() {
    kernels.particles().paintTranspose(set, reach, potential, grid, () -> {});
    return set.xi()[0];
  }
}
