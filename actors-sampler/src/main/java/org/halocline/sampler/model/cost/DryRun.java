package org.halocline.sampler.model.cost;

import java.util.Arrays;
import org.halocline.cosmology.background.Cosmology;
import org.halocline.cosmology.kernel.Field;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.Observable;
import org.halocline.cosmology.nbody.Simulation;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.cosmology.observe.FinalDensity;
import org.halocline.cosmology.theta.LimitException;
import org.halocline.cosmology.theta.Theta;
import org.halocline.cosmology.timeline.Edges;
import org.halocline.cosmology.timeline.Spacing;
import org.halocline.cosmology.timeline.Timeline;

/**
 * Counts what one rank sends in a simulation by running the simulation without its numbers: the same programs, kernels
 * that do nothing, a port that counts. Done for two numbers of steps, so that any other follows. The planes of a light
 * cone, which travel once a gradient, are left out.
 *
 * @param initial forward, up to a_initial
 * @param step forward
 * @param initialReverse from the a_initial back to the noise
 * @param stepReverse back
 */
public record DryRun(Traffic initial, Traffic step, Traffic initialReverse, Traffic stepReverse) {
  private static final int STEPS = 6;
  private static final double A_INITIAL = 0.1;
  /** What is sent does not depend on it; this one can be stepped on any mesh. */
  private static final Theta THETA = Theta.usual(Cosmology.PARAMETERS);
  /** Of the largest displacement that an axis allows: where particles are, on the average over the steps. */
  private static final double HALF = 0.5;

  /** Takes a few milliseconds and no memory to speak of. */
  public static DryRun of(SimulationPlan plan, Decomposition decomposition, int rank) {
    if (decomposition.ranks() == 1)
      return new DryRun(Traffic.NONE, Traffic.NONE, Traffic.NONE, Traffic.NONE);
    Passes few = run(plan, decomposition, rank, STEPS);
    Passes more = run(plan, decomposition, rank, STEPS + 1);
    Traffic step = more.forward.plus(few.forward, -1);
    Traffic back = more.reverse.plus(few.reverse, -1);
    return new DryRun(few.forward.plus(step, -STEPS), step, few.reverse.plus(back, -STEPS), back);
  }

  /** Of a whole forward pass. */
  public Traffic forward(int steps) {
    return initial.plus(step, steps);
  }

  /** Of a whole reverse pass. */
  public Traffic reverse(int steps) {
    return initialReverse.plus(stepReverse, steps);
  }

  private record Passes(Traffic forward, Traffic reverse) {}

  private static Passes run(SimulationPlan plan, Decomposition decomposition, int rank, int steps) {
    Timeline given = plan.timeline();
    Timeline timeline = new Timeline(A_INITIAL, given.lptOrder(), given.scheme(),
        new Edges.Snapshot(steps, Spacing.LOG_A));
    SimulationPlan snapshot = new SimulationPlan(plan.mesh(), timeline, plan.maxDisplacementCells(), plan.units());
    CountingPort port = new CountingPort(rank, decomposition.ranks());
    Kernels silent = SilentKernels.of(plan.mesh().size() * plan.units().massUnits(),
        Arrays.stream(plan.maxDisplacementCells()).map(limit -> HALF * limit).toArray());
    Field.Floats field = SilentKernels.field(decomposition.block(rank).size());
    try (Simulation simulation = new Simulation(snapshot, decomposition, rank, silent, port)) {
      simulation.forward(THETA, field);
      Traffic forward = port.sent();
      FinalDensity end = new FinalDensity(simulation);
      end.cotangent(field);
      simulation.reverse(plan.planes() > 0 ? Observable.NONE : end, field, field);
      return new Passes(forward, port.sent().plus(forward, -1));
    } catch (LimitException limit) {
      throw new IllegalStateException("the dry run broke a limit, and counted a part: " + limit.getMessage(), limit);
    }
  }
}
