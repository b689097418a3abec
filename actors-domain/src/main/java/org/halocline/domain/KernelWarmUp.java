package org.halocline.domain;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.background.Edges;
import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.background.Spacing;
import org.halocline.cosmology.background.Timeline;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.mesh.Field;
import org.halocline.cosmology.mesh.Kernels;
import org.halocline.cosmology.mesh.Mesh;
import org.halocline.cosmology.mesh.NoiseKey;
import org.halocline.cosmology.mesh.Port;
import org.halocline.cosmology.nbody.Cotangents;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the JVM compile the kernels before a long job needs them. Until a kernel is compiled its vectors are objects: a job
 * of 128³ particles makes 6 GB of them, and some 200 collections fall into its first steps. So a small simulation is run
 * there and back until it makes no garbage any more, or for half a minute where the compiler gets no core. It takes as long as the
 * compiler does, which the job would have to wait for too.
 */
public final class KernelWarmUp {
  private static final Logger log = LoggerFactory.getLogger(KernelWarmUp.class);
  /** Below so many particles times steps, there and back, waiting for the compiler takes longer than the job. */
  private static final long LEAST_UPDATES = 20_000_000;
  private static final int STEPS = 5;
  private static final double A_INITIAL = 0.1;
  private static final int LARGE = 32;
  private static final double MOST_DISPLACEMENT = 8;
  private static final long LITTLE_BYTES = 1 << 20;
  private static final long PATIENCE_NS = 30_000_000_000L;
  private static boolean done;

  private KernelWarmUp() {}

  /**
   * Once a JVM, by the chain that comes first; meanwhile other lanes wait, so that the compiler has their core.
   *
   * @param context of the calling chain, which holds its lane
   * @param updates particles times steps that the job will make
   */
  public static synchronized void before(SimulationPlan plan, Cosmology theta, RankContext context, long updates) {
    if (done || updates < LEAST_UPDATES)
      return;
    done = true;
    long start = System.nanoTime();
    int passes = run(small(plan), theta, context.kernels(),
        () -> context.cancelled().getAsBoolean() || System.nanoTime() - start > PATIENCE_NS);
    log.info("kernels compiled in {} ms, {} small simulations", (System.nanoTime() - start) / 1_000_000, passes);
  }

  private static int run(SimulationPlan plan, Cosmology theta, Kernels kernels, BooleanSupplier enough) {
    Decomposition whole = Decomposition.even(plan.mesh(), 1, 1);
    int passes = 0;
    try (Simulation simulation = new Simulation(plan, whole, 0, kernels, Port.solo())) {
      Field.Floats noise = kernels.memory().floats(whole.block(0).size());
      Field.Floats gradient = kernels.memory().floats(whole.block(0).size());
      kernels.vectors().normal(noise, whole, 0, new NoiseKey(1, NoiseKey.Purpose.TEST));
      Collected before;
      do {
        before = Collected.soFar();
        simulation.forward(theta, noise);
        simulation.reverse(new Cotangents.OfDensity(noise), noise, gradient);
        passes++;
      } while (Collected.soFar().since(before).garbageBytes() > LITTLE_BYTES && !enough.getAsBoolean());
    } catch (LimitException farther) {
      log.info("the small simulation ended early: {}", farther.getMessage());
    }
    return passes;
  }

  /** The same cells, steps of the same kind, fewer of both. */
  private static SimulationPlan small(SimulationPlan plan) {
    Mesh mesh = plan.mesh();
    int nx = small(mesh.nx());
    int ny = small(mesh.ny());
    int nz = small(mesh.nz());
    Timeline given = plan.timeline();
    Timeline timeline = new Timeline(A_INITIAL, given.lptOrder(), given.scheme(),
        new Edges.Snapshot(STEPS, Spacing.LOG_A));
    return new SimulationPlan(
        new Mesh(nx, ny, nz, nx * mesh.cellMpcH(0), ny * mesh.cellMpcH(1), nz * mesh.cellMpcH(2)), timeline,
        Arrays.stream(plan.maxDisplacementCells()).map(most -> Math.min(most, MOST_DISPLACEMENT)).toArray(),
        plan.units(), Optional.empty());
  }

  /** Halves keep the factors that transforms are made of. */
  private static int small(int cells) {
    int fewer = cells;
    while (fewer > LARGE && fewer % 4 == 0)
      fewer /= 2;
    return fewer;
  }
}
