package org.halocline.ops.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.core.CoreKernels;
import org.halocline.cosmology.kernel.Field;
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
import org.halocline.sampler.model.nbody.NbodyPlan;

/**
 * Times kernels of one lane, on a core or a GPU.
 *
 * @param noise a field that fills the mesh; a number of it is read back after each run, since a GPU's kernels run when
 * they like
 */
record KernelBench(Kernels kernels, Field.Floats noise, Timing.Effort effort) {
  Timing timing(Runnable work) {
    float[] one = new float[1];
    return Timing.of(() -> {
      work.run();
      kernels.memory().read(noise, 0, one, 0, 1);
    }, effort, System::nanoTime);
  }

  /** The kernels of a step on particles that a simulation has moved. The noise is as good a potential as any. */
  Map<String, Timing> particles(SimulationPlan plan, Decomposition whole, Simulation simulation) {
    Grid grid = Grid.of(whole, 0, 0, 0);
    ParticleSet set = simulation.particles();
    int[] reach = {plan.haloCells(0), plan.haloCells(1), plan.haloCells(2)};
    Field.Ints painted = kernels.memory().ints(grid.size());
    Potential force = new Potential(noise, grid, plan.mesh().cellsMpcH(),
        kernels.memory().floats(ForceBlock.of(grid, reach).floats(reach)));
    int[] sign = {1};
    Map<String, Timing> found = new LinkedHashMap<>();
    found.put("paint", timing(() -> kernels.particles().paint(set, reach, painted, grid, () -> {})));
    // A kick this small is far below a quantum of what a momentum can hold.
    found.put("kick", timing(() -> kernels.particles().kick(set, reach, force, 1e-9, new double[0], () -> {})));
    found.put("drift", timing(() -> {
      kernels.particles().drift(set, 1e-3, sign[0]);
      sign[0] = -sign[0];
    }));
    return found;
  }

  /** The kernels of a step on one core, beside a plain copy of displacements and momenta. */
  static List<Measurement> onCore(BenchModel model, Timing.Effort effort) {
    NbodyPlan settings = model.settings();
    SimulationPlan plan = settings.plan();
    Decomposition whole = Decomposition.even(plan.mesh(), 1, 1);
    Kernels kernels = CoreKernels.of();
    try (Memory memory = kernels.memory();
        Simulation simulation = new Simulation(plan, Purpose.FORWARD, whole, 0, kernels, Port.solo())) {
      Field.Floats noise = memory.floats(whole.block(0).size());
      kernels.vectors().normal(noise, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
      simulation.forward(settings.theta(), noise);
      double copied = copy(noise.size(), effort).bestNs() / model.particles();
      List<Measurement> found = new ArrayList<>();
      new KernelBench(kernels, noise, effort).particles(plan, whole, simulation)
          .forEach((name, timing) -> found.add(Measurement.of(name, model.mesh(), Measurement.Unit.NS_PER_PARTICLE,
              timing, model.particles()).beside("copy of x, P", copied)));
      return found;
    } catch (LimitException limit) {
      throw new IllegalStateException("the benchmark's own simulation cannot be run: " + limit.getMessage(), limit);
    }
  }

  /** Six arrays: 24 bytes a particle. */
  private static Timing copy(int particles, Timing.Effort effort) {
    int[] from = new int[particles];
    int[] into = new int[particles];
    return Timing.of(() -> {
      for (int array = 0; array < 6; array++)
        System.arraycopy(from, 0, into, 0, particles);
    }, effort, System::nanoTime);
  }
}
