package org.halocline.ops.calibration;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.JobRunner;
import org.halocline.ops.timing.PassBench;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.cost.Calibration;
import org.halocline.sampler.model.cost.StepCost;
import org.halocline.sampler.model.nbody.ModelSettings;

/**
 * How cost grows with particles, steps and subdomains: measured points beside what the cost model says of them.
 *
 * @param sides of the cubes
 * @param lanes the most subdomains
 * @param updates particles times steps that each point makes up to at least, its repeats together
 */
public record Growth(List<Integer> sides, int lanes, long updates, Calibration calibration) {
  private static final List<Integer> STEPS = List.of(5, 10, 20);
  private static final int LEAST_REPEATS = 2;
  /** Larger cubes take minutes: they are run in the fewest steps, once. */
  private static final int EVERY_STEPS = 256;

  /**
   * One measured point.
   *
   * @param foreseenForward seconds, by the model
   * @param foreseenReverse seconds, by the model
   */
  public record Point(int cells, int steps, int subdomains, PassBench.Passes measured, double foreseenForward,
      double foreseenReverse) {

    /** Foreseen over measured, for a gradient. */
    public double ratio() {
      return (foreseenForward + foreseenReverse) / measured.seconds();
    }

    /** The head of a table of points. */
    public static String head() {
      return "mesh   steps  subdomains  forward ms  foreseen  ratio  reverse ms  foreseen  ratio  waiting";
    }

    /** One line. */
    public String row() {
      return String.format(Locale.ROOT, "%4d³  %5d  %10d  %10.1f  %8.1f  %5.2f  %10.1f  %8.1f  %5.2f  %6.1f%%", cells,
          steps, subdomains, measured.forward().seconds() * 1e3, foreseenForward * 1e3,
          foreseenForward / measured.forward().seconds(), measured.reverse().seconds() * 1e3, foreseenReverse * 1e3,
          foreseenReverse / measured.reverse().seconds(),
          100 * measured.forward().waiting() / measured.forward().seconds());
    }
  }

  /** Side of the largest cube of {@link #standard}. */
  public static int largest(boolean quick, int asked) {
    return Math.max(asked, quick ? 128 : EVERY_STEPS);
  }

  /**
   * Of cubes of 32 to 256, or to 128 when it must be quick, and of all powers of two up to a larger one that is asked
   * for, those in few steps only.
   */
  public static Growth standard(int lanes, boolean quick, int asked, Calibration calibration) {
    List<Integer> sides = IntStream.iterate(32, side -> side <= largest(quick, asked), side -> 2 * side).boxed()
        .toList();
    return new Growth(sides, lanes, quick ? 5_000_000 : 20_000_000, calibration);
  }

  /** Measures all points, telling each as it is found. */
  public void run(NodeParts parts, Consumer<Point> found) throws IOException, InterruptedException {
    try (JobRunner jobs = JobRunner.start(parts, lanes)) {
      run(new PassBench(jobs), found);
    }
  }

  private void run(PassBench bench, Consumer<Point> found) throws IOException, InterruptedException {
    for (int side : sides)
      for (int steps : side <= EVERY_STEPS ? STEPS : STEPS.subList(0, 1))
        for (int subdomains = 1; subdomains <= Math.min(2, lanes); subdomains++) {
          BenchModel model = new BenchModel(side, steps);
          int repeat = Math.clamp(updates / (model.particles() * steps), side <= EVERY_STEPS ? LEAST_REPEATS : 1, 200);
          found.accept(point(model, subdomains, bench.density(model, subdomains, repeat)));
        }
  }

  private Point point(BenchModel model, int subdomains, PassBench.Passes measured) {
    ModelSettings settings = model.settings();
    SimulationPlan plan = settings.plan();
    Decomposition cut = Decomposition.even(plan.mesh(), subdomains, 1);
    StepCost cost = new StepCost(calibration, subdomains);
    var parts = cost.parts(StepCost.Work.of(plan, cut), model.steps(), true);
    return new Point(model.cells(), model.steps(), subdomains, measured, parts.get("forward"), parts.get("reverse"));
  }
}
