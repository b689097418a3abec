package org.halocline.ops.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.ForceBlock;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.ParticleSet;
import org.halocline.cosmology.kernel.Potential;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.nbody.Fourier;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.domain.lane.KernelLane;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.JobRunner;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.PassBench;
import org.halocline.ops.timing.Timing;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.nbody.ModelSettings;

/**
 * The pieces of a run on one GPU, each beside its roofline: the bytes that it cannot avoid moving to and from the
 * device's memory, at the rate at which a field is copied there in the same run.
 *
 * @param cells along a side of the cube
 * @param updates particles times steps that a timed job makes up to at least, its repeats together
 */
public record GpuBench(int cells, Timing.Effort effort, long updates) {
  private static final int STEPS = 10;
  private static final int LEAST_REPEATS = 3;
  /** Numbers that are copied to the host and back at a time. */
  private static final int HOST_NUMBERS = 1 << 24;

  /** Two minutes at most on a GPU of this decade. */
  public static GpuBench full(int cells) {
    return new GpuBench(cells, new Timing.Effort(1_000_000_000L, 1_000_000_000L, 5), 4_000_000_000L);
  }

  /** Half a minute. */
  public static GpuBench quick(int cells) {
    return new GpuBench(cells, new Timing.Effort(200_000_000L, 200_000_000L, 3), 400_000_000L);
  }

  /**
   * Times copies, transforms and kernels on the first of some lanes, telling each figure as it is found, and closes the
   * lanes.
   *
   * @return the rate of the device's memory, bytes a nanosecond
   */
  public double pieces(LaneSource lanes, Consumer<Measurement> found) {
    try (lanes) {
      if (!(lanes.open(1, 0).getFirst() instanceof KernelLane lane))
        throw new IllegalArgumentException("lanes of kind " + lanes.kind() + " have no kernels");
      return pieces(lane.open(() -> {}), found);
    }
  }

  /**
   * Times transport and whole passes, telling each figure as it is found.
   *
   * @param parts of a node that has GPUs
   * @param bytesANs the rate of the device's memory
   */
  public void passes(NodeParts parts, double bytesANs, Consumer<Measurement> found)
      throws IOException, InterruptedException {
    TransportBench.measure(effort).forEach(found);
    try (JobRunner jobs = JobRunner.start(parts, Runtime.getRuntime().availableProcessors())) {
      BenchModel model = new BenchModel(cells, STEPS);
      int repeat = (int) Math.max(LEAST_REPEATS, updates / (model.particles() * STEPS));
      PassBench.Passes passes = new PassBench(jobs).density(model, LayoutDevice.GPU, 1, repeat);
      double once = 1e-9 * model.particles() * STEPS;
      double ms = 1e3 * passes.forward().seconds() / STEPS;
      found.accept(Measurement.of("step", model.mesh(), 1, Measurement.Unit.MS, ms, ms).beside("roofline",
          1e-6 * GpuBytes.FORWARD.count() * model.particles() / bytesANs));
      found.accept(step("step-forward", model, passes.forward().seconds() / once, GpuBytes.FORWARD, bytesANs));
      found.accept(step("step-gradient", model, passes.seconds() / once, GpuBytes.GRADIENT, bytesANs));
    }
  }

  private static Measurement step(String name, BenchModel model, double ns, GpuBytes bytes, double bytesANs) {
    return Measurement.of(name, model.mesh(), 1, Measurement.Unit.NS_PER_PARTICLE_STEP, ns, ns).beside("roofline",
        bytes.count() / bytesANs);
  }

  private double pieces(Kernels kernels, Consumer<Measurement> found) {
    BenchModel model = new BenchModel(cells, 4);
    ModelSettings settings = model.settings();
    SimulationPlan plan = settings.plan();
    Decomposition whole = Decomposition.even(plan.mesh(), 1, 1);
    try (Memory memory = kernels.memory();
        Simulation simulation = new Simulation(plan, Purpose.FORWARD, whole, 0, kernels, Port.solo())) {
      Field.Floats noise = memory.floats(whole.block(0).size());
      kernels.vectors().normal(noise, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
      Field.Floats other = memory.floats(noise.size());
      Pieces pieces = new Pieces(kernels, noise, found);
      double bytesANs = pieces.copies(other);
      pieces.transforms(plan.mesh(), whole, other, bytesANs);
      simulation.forward(settings.theta(), noise);
      List<Integer> once = digests(simulation, memory);
      simulation.forward(settings.theta(), noise);
      found.accept(sameBits(once, digests(simulation, memory)));
      pieces.particles(plan, whole, simulation, bytesANs);
      return bytesANs;
    } catch (LimitException limit) {
      throw new IllegalStateException("the benchmark's own simulation cannot be run: " + limit.getMessage(), limit);
    }
  }

  /** Of the displacements, piece by piece. */
  private static List<Integer> digests(Simulation simulation, Memory memory) {
    List<Integer> digests = new ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      Field.Ints x = simulation.particles().x()[axis];
      int[] host = new int[Math.min(x.size(), HOST_NUMBERS)];
      for (int start = 0; start < x.size(); start += host.length) {
        int count = Math.min(host.length, x.size() - start);
        memory.read(x, start, host, 0, count);
        digests.add(Arrays.hashCode(count == host.length ? host : Arrays.copyOf(host, count)));
      }
    }
    return digests;
  }

  /** How much of two runs of the same simulation is equal to the bit: all, or something is wrong. */
  private Measurement sameBits(List<Integer> once, List<Integer> again) {
    double equal = 100.0 * IntStream.range(0, once.size()).filter(i -> once.get(i).equals(again.get(i))).count()
        / once.size();
    return Measurement.of("same-bits", List.of(cells, cells, cells), 1, Measurement.Unit.PERCENT, equal, equal);
  }

  /** What the host holds of fields at a time. */
  static long hostBytes(int cells) {
    return 2L * Float.BYTES * Math.min((long) cells * cells * cells, HOST_NUMBERS);
  }

  /** Kernels run when they like: a number that is read back says that they have. */
  private final class Pieces {
    private final Kernels kernels;
    private final Field.Floats noise;
    private final Consumer<Measurement> found;
    private final float[] one = new float[1];

    Pieces(Kernels kernels, Field.Floats noise, Consumer<Measurement> found) {
      this.kernels = kernels;
      this.noise = noise;
      this.found = found;
    }

    private Timing timing(Runnable work) {
      return Timing.of(() -> {
        work.run();
        kernels.memory().read(noise, 0, one, 0, 1);
      }, effort, System::nanoTime);
    }

    private void tell(String name, Timing timing, GpuBytes bytes, double bytesANs, Measurement.Unit unit) {
      double numbers = noise.size();
      found.accept(Measurement.of(name, List.of(cells, cells, cells), 1, unit, timing.bestNs() / numbers,
          timing.medianNs() / numbers).beside("roofline", bytes.count() / bytesANs));
    }

    private void tell(String name, Timing timing, double bytes) {
      found.accept(Measurement.of(name, List.of(cells, cells, cells), 1, Measurement.Unit.GB_PER_S,
          bytes / timing.bestNs(), bytes / timing.medianNs()));
    }

    /** Within the device, to it and from it; returns the first in bytes a nanosecond. */
    double copies(Field.Floats other) {
      Timing copy = timing(() -> kernels.vectors().copy(noise, other));
      tell("copy-on-device", copy, 8.0 * noise.size());
      float[] host = new float[Math.min(noise.size(), HOST_NUMBERS)];
      tell("copy-to-host", timing(() -> kernels.memory().read(noise, 0, host, 0, host.length)), 4.0 * host.length);
      tell("copy-to-device", timing(() -> kernels.memory().write(host, 0, other, 0, host.length)), 4.0 * host.length);
      return 8.0 * noise.size() / copy.bestNs();
    }

    void transforms(Mesh mesh, Decomposition whole, Field.Floats other, double bytesANs) {
      Grid grid = Grid.of(whole, 0, 0, 0);
      Fourier fourier = new Fourier(whole, 0, kernels, Port.solo(), kernels.memory()::staging);
      Field.Floats work = kernels.memory().floats(fourier.floats());
      tell("fft-r2c-c2r", timing(() -> {
        fourier.forward(noise, grid, work);
        fourier.inverse(work, other, grid);
      }), GpuBytes.TRANSFORM, bytesANs, Measurement.Unit.NS_PER_CELL);
      tell("potential",
          timing(() -> fourier.inverseLaplacian(noise, grid, work, other, grid, 1.0 / mesh.size())), GpuBytes.POTENTIAL,
          bytesANs, Measurement.Unit.NS_PER_CELL);
    }

    /** On particles that a simulation has moved. The noise is as good a potential as any. */
    void particles(SimulationPlan plan, Decomposition whole, Simulation simulation, double bytesANs) {
      Grid grid = Grid.of(whole, 0, 0, 0);
      ParticleSet set = simulation.particles();
      int[] reach = {plan.haloCells(0), plan.haloCells(1), plan.haloCells(2)};
      Field.Ints painted = kernels.memory().ints(grid.size());
      Potential force = new Potential(noise, grid, plan.mesh().cellsMpcH(),
          kernels.memory().floats(ForceBlock.of(grid, reach).floats(reach)));
      tell("paint", timing(() -> kernels.particles().paint(set, reach, painted, grid, () -> {})), GpuBytes.PAINT,
          bytesANs, Measurement.Unit.NS_PER_PARTICLE);
      tell("kick", timing(() -> kernels.particles().kick(set, reach, force, 1e-9, new double[0], () -> {})),
          GpuBytes.KICK, bytesANs, Measurement.Unit.NS_PER_PARTICLE);
      int[] sign = {1};
      tell("drift", timing(() -> {
        kernels.particles().drift(set, 1e-3, sign[0]);
        sign[0] = -sign[0];
      }), GpuBytes.DRIFT, bytesANs, Measurement.Unit.NS_PER_PARTICLE);
    }
  }
}
