package org.halocline.ops.bench;

import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.FixedPoint;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.Timing;
import org.halocline.sampler.model.nbody.ModelSettings;

/**
 * The kernels of a step on one core, on particles that a simulation has moved, beside a plain copy of as many numbers.
 */
record KernelBench(BenchModel model) {

  List<Measurement> measure(Timing.Effort effort) {
    ModelSettings settings = model.settings();
    SimulationPlan plan = settings.plan();
    Decomposition whole = Decomposition.even(plan.mesh(), 1, 1);
    Grid grid = Grid.of(whole, 0, 0, 0);
    FixedPoint units = plan.units();
    Kernels kernels = CoreKernels.of();
    try (Memory memory = kernels.memory();
        Simulation simulation = new Simulation(plan, Purpose.FORWARD, whole, 0, kernels, Port.solo())) {
      Field.Floats noise = memory.floats(grid.size());
      kernels.vectors().normal(noise, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
      simulation.forward(settings.theta(), noise);
      ParticleSet set = simulation.particles();
      int[] reach = {plan.haloCells(0), plan.haloCells(1), plan.haloCells(2)};
      Field.Ints painted = memory.ints(grid.size());
      // The noise is as good a potential as any; the kick is far below a quantum of what a momentum can hold.
      Potential force = new Potential(noise, grid, plan.mesh().cellsMpcH(),
          memory.floats(ForceBlock.of(grid, reach).floats(reach)));
      List<Measurement> found = new ArrayList<>();
      double copied = copy(effort);
      found.add(measurement("paint", Timing.of(() -> kernels.particles().paint(set, reach, painted, grid, () -> {}),
          effort, System::nanoTime), copied));
      found.add(measurement("kick", Timing.of(() -> kernels.particles().kick(set, reach, force, 1e-9, new double[0],
          () -> {}), effort, System::nanoTime), copied));
      int[] sign = {1};
      found.add(measurement("drift", Timing.of(() -> {
        kernels.particles().drift(set, 1e-3, sign[0]);
        sign[0] = -sign[0];
      }, effort, System::nanoTime), copied));
      return found;
    } catch (LimitException limit) {
      throw new IllegalStateException("the benchmark's own simulation cannot be run: " + limit.getMessage(), limit);
    }
  }

  private Measurement measurement(String name, Timing timing, double copied) {
    return Measurement.of(name, model.mesh(), 1, Measurement.Unit.NS_PER_PARTICLE,
        timing.bestNs() / model.particles(), timing.medianNs() / model.particles()).beside("copy of x, P", copied);
  }

  /** Nanoseconds a particle to copy its displacement and momentum, 24 bytes. */
  private double copy(Timing.Effort effort) {
    int[] from = new int[model.cells() * model.cells() * model.cells()];
    int[] into = new int[from.length];
    Timing timing = Timing.of(() -> {
      for (int array = 0; array < 6; array++)
        System.arraycopy(from, 0, into, 0, from.length);
    }, effort, System::nanoTime);
    return timing.bestNs() / model.particles();
  }
}
