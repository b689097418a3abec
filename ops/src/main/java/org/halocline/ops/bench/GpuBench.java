package org.halocline.ops.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.halocline.cosmology.comm.Port;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Grid;
import org.halocline.cosmology.nbody.Purpose;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.transform.Fourier;
import org.halocline.domain.lane.KernelLane;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.PassBench;
import org.halocline.ops.timing.Timing;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.nbody.NbodyPlan;

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

  /** Takes two minutes at most on a GPU of this decade. */
  public static GpuBench full(int cells) {
    return new GpuBench(cells, new Timing.Effort(1_000_000_000L, 1_000_000_000L, 5), 4_000_000_000L);
  }

  /** Takes half a minute. */
  public static GpuBench quick(int cells) {
    return new GpuBench(cells, new Timing.Effort(200_000_000L, 200_000_000L, 3), 400_000_000L);
  }

  private List<Integer> mesh() {
    return List.of(cells, cells, cells);
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
  public void passes(NodeParts parts, double bytesANs, Consumer<Measurement> found) throws IOException {
    TransportBench.measure(effort).forEach(found);
    try (PassBench bench = PassBench.start(parts, Runtime.getRuntime().availableProcessors())) {
      BenchModel model = new BenchModel(cells, STEPS);
      PassBench.Passes passes = bench.density(model, LayoutDevice.GPU, 1,
          model.repeats(updates, LEAST_REPEATS, Integer.MAX_VALUE));
      double once = 1e-9 * model.particles() * STEPS;
      found.accept(
          Measurement.of("step", mesh(), 1, Measurement.Unit.MS, 1e3 * passes.forward().seconds() / STEPS)
              .beside("roofline", 1e-6 * GpuBytes.FORWARD.count() * model.particles() / bytesANs));
      found.accept(step("step-forward", passes.forward().seconds() / once, GpuBytes.FORWARD, bytesANs));
      found.accept(step("step-gradient", passes.seconds() / once, GpuBytes.GRADIENT, bytesANs));
    }
  }

  /** Light cones to be timed: one twice as long as it is wide, of so many cells across, and a cube of that length. */
  static List<BenchModel> cones(int cells) {
    return List.of(BenchModel.lightCone(cells, cells, 2 * cells),
        BenchModel.lightCone(2 * cells, 2 * cells, 2 * cells));
  }

  /** The light cones that a lane with so much memory of its device holds. */
  static List<BenchModel> cones(int cells, long deviceBytes) {
    return cones(cells).stream().filter(model -> model.fits(deviceBytes)).toList();
  }

  /**
   * Times whole light cones and their gradients, those that the GPU can hold, telling each figure as it is found: ten
   * steps of which each moves no more than it must at the rate of the device's memory. Initial conditions and
   * projections are in the time, and not in the roofline.
   *
   * @param parts of a node that has GPUs
   * @param deviceBytes that a lane may take of its device
   * @param bytesANs the rate of the device's memory
   * @return the cones that were left out, in words
   */
  public List<String> lightCones(NodeParts parts, long deviceBytes, double bytesANs, Consumer<Measurement> found)
      throws IOException {
    List<BenchModel> left = new ArrayList<>(cones(cells));
    try (PassBench bench = PassBench.start(parts, Runtime.getRuntime().availableProcessors())) {
      for (BenchModel model : cones(cells, deviceBytes)) {
        PassBench.Passes passes = bench.lightCone(model, model.repeats(updates, LEAST_REPEATS, Integer.MAX_VALUE));
        found.accept(cone("light-cone", model, passes.forward().seconds(), GpuBytes.LIGHT_CONE, bytesANs));
        found.accept(cone("light-cone-gradient", model, passes.seconds(), GpuBytes.LIGHT_CONE_GRADIENT, bytesANs));
        left.remove(model);
      }
    }
    return left.stream().map(model -> String.format(Locale.ROOT,
        "a light cone of %d×%d×%d cells is left out: it does not fit %.1f GiB", model.mesh().get(0),
        model.mesh().get(1), model.mesh().get(2), deviceBytes / 0x1p30)).toList();
  }

  private static Measurement cone(String name, BenchModel model, double seconds, GpuBytes bytes, double bytesANs) {
    return Measurement.of(name, model.mesh(), 1, Measurement.Unit.MS, 1e3 * seconds).beside("roofline",
        1e-6 * bytes.count() * model.particles() * model.steps() / bytesANs);
  }

  private Measurement step(String name, double ns, GpuBytes bytes, double bytesANs) {
    return Measurement.of(name, mesh(), 1, Measurement.Unit.NS_PER_PARTICLE_STEP, ns).beside("roofline",
        bytes.count() / bytesANs);
  }

  private double pieces(Kernels kernels, Consumer<Measurement> found) {
    NbodyPlan settings = new BenchModel(cells, 4).settings();
    SimulationPlan plan = settings.plan();
    Decomposition whole = Decomposition.even(plan.mesh(), 1, 1);
    try (Memory memory = kernels.memory();
        Simulation simulation = new Simulation(plan, Purpose.FORWARD, whole, 0, kernels, Port.solo())) {
      Field.Floats noise = memory.floats(whole.block(0).size());
      kernels.vectors().normal(noise, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TRUTH));
      Field.Floats other = memory.floats(noise.size());
      KernelBench bench = new KernelBench(kernels, noise, effort);
      double bytesANs = copies(bench, other, found);
      transforms(bench, whole, other, bytesANs, found);
      simulation.forward(settings.theta(), noise);
      List<Integer> once = digests(simulation, memory);
      simulation.forward(settings.theta(), noise);
      found.accept(sameBits(once, digests(simulation, memory)));
      bench.particles(plan, whole, simulation).forEach((name, timing) -> found.accept(
          piece(name, Measurement.Unit.NS_PER_PARTICLE, timing, GpuBytes.of(name), bytesANs)));
      return bytesANs;
    } catch (LimitException limit) {
      throw new IllegalStateException("the benchmark's own simulation cannot be run: " + limit.getMessage(), limit);
    }
  }

  private Measurement piece(String name, Measurement.Unit unit, Timing timing, GpuBytes bytes, double bytesANs) {
    return Measurement.of(name, mesh(), unit, timing, (double) cells * cells * cells).beside("roofline",
        bytes.count() / bytesANs);
  }

  /** Times copies within the device, to it and from it. @return the rate of the first, in bytes a nanosecond */
  private double copies(KernelBench bench, Field.Floats other, Consumer<Measurement> found) {
    Memory memory = bench.kernels().memory();
    double bytes = 2.0 * Float.BYTES * other.size();
    float[] host = new float[Math.min(other.size(), HOST_NUMBERS)];
    double hostBytes = (double) Float.BYTES * host.length;
    Timing copy = bench.timing(() -> bench.kernels().vectors().copy(bench.noise(), other));
    found.accept(Measurement.rate("copy-on-device", mesh(), 1, bytes, copy));
    found.accept(Measurement.rate("copy-to-host", mesh(), 1, hostBytes,
        bench.timing(() -> memory.read(bench.noise(), 0, host, 0, host.length))));
    found.accept(Measurement.rate("copy-to-device", mesh(), 1, hostBytes,
        bench.timing(() -> memory.write(host, 0, other, 0, host.length))));
    return bytes / copy.bestNs();
  }

  private void transforms(KernelBench bench, Decomposition whole, Field.Floats other, double bytesANs,
      Consumer<Measurement> found) {
    Grid grid = Grid.of(whole, 0, 0, 0);
    Memory memory = bench.kernels().memory();
    Fourier fourier = new Fourier(whole, 0, bench.kernels(), Port.solo(), memory::staging);
    Field.Floats work = memory.floats(fourier.floats());
    found.accept(piece("fft-r2c-c2r", Measurement.Unit.NS_PER_CELL, bench.timing(() -> {
      fourier.forward(bench.noise(), grid, work);
      fourier.inverse(work, other, grid);
    }), GpuBytes.TRANSFORM, bytesANs));
    found.accept(piece("potential", Measurement.Unit.NS_PER_CELL, bench.timing(
        () -> fourier.inverseLaplacian(bench.noise(), grid, work, other, grid, 1.0 / whole.mesh().size())),
        GpuBytes.POTENTIAL, bytesANs));
  }

  /** Digests of the displacements, piece by piece. */
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
    long equal = IntStream.range(0, once.size()).filter(i -> once.get(i).equals(again.get(i))).count();
    return Measurement.of("same-bits", mesh(), 1, Measurement.Unit.PERCENT, 100.0 * equal / once.size());
  }

  /** What the host holds of fields at a time. */
  static long hostBytes(int cells) {
    return 2L * Float.BYTES * Math.min((long) cells * cells * cells, HOST_NUMBERS);
  }
}
