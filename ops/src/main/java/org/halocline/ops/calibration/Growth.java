package org.halocline.ops.calibration;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.cosmology.nbody.SimulationPlan;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.PassBench;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.cost.Calibration;
import org.halocline.sampler.model.cost.StepCost;

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
  private static final int MOST_REPEATS = 200;
  /** Larger cubes take minutes: they are run in the fewest steps, once. */
  private static final int EVERY_STEPS = 256;
  private static final int LANES_A_NODE = 2;
  private static final int OUTLOOK_STEPS = 10;
  private static final Calibration.Carrier FAST = new Calibration.Carrier(60, 2, 10);

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

    public static String head() {
      return "mesh   steps  subdomains  forward ms  foreseen  ratio  reverse ms  foreseen  ratio  waiting";
    }

    public String row() {
      return String.format(Locale.ROOT, "%4d³  %5d  %10d  %10.1f  %8.1f  %5.2f  %10.1f  %8.1f  %5.2f  %6.1f%%", cells,
          steps, subdomains, measured.forward().seconds() * 1e3, foreseenForward * 1e3,
          foreseenForward / measured.forward().seconds(), measured.reverse().seconds() * 1e3, foreseenReverse * 1e3,
          foreseenReverse / measured.reverse().seconds(),
          100 * measured.forward().waiting() / measured.forward().seconds());
    }
  }

  public static int largest(boolean quick, int asked) {
    return Math.max(asked, quick ? 128 : EVERY_STEPS);
  }

  /**
   * Measures cubes of 32 to 256, or to 128 when it must be quick, and of all powers of two up to a larger one that is
   * asked for. Larger cubes are measured in few steps only.
   */
  public static Growth standard(int lanes, boolean quick, int asked, Calibration calibration) {
    List<Integer> sides = IntStream.iterate(32, side -> side <= largest(quick, asked), side -> 2 * side).boxed()
        .toList();
    return new Growth(sides, lanes, quick ? 5_000_000 : 20_000_000, calibration);
  }

  /** Measures all points, telling each as it is found. */
  public void run(NodeParts parts, Consumer<Point> found) throws IOException {
    try (PassBench bench = PassBench.start(parts, lanes)) {
      for (int side : sides)
        for (int steps : side <= EVERY_STEPS ? STEPS : STEPS.subList(0, 1))
          for (int subdomains = 1; subdomains <= Math.min(2, lanes); subdomains++) {
            BenchModel model = new BenchModel(side, steps);
            int repeat = model.repeats(updates, side <= EVERY_STEPS ? LEAST_REPEATS : 1, MOST_REPEATS);
            found.accept(point(model, subdomains, bench.density(model, LayoutDevice.CORE, subdomains, repeat)));
          }
    }
  }

  private Point point(BenchModel model, int subdomains, PassBench.Passes measured) {
    SimulationPlan plan = model.settings().plan();
    Decomposition cut = Decomposition.even(plan.mesh(), subdomains, 1);
    StepCost cost = new StepCost(calibration, subdomains);
    Map<String, Double> parts = cost.parts(StepCost.Work.of(plan, cut), model.steps(), true);
    return new Point(model.cells(), model.steps(), subdomains, measured, parts.get("forward"), parts.get("reverse"));
  }

  private record Network(String name, Calibration.Carrier carrier) {}

  /**
   * What the cost model says of clusters that were not measured: a gradient of a cube in ten steps on nodes of two
   * lanes like those that were calibrated, by network.
   */
  public static String outlook(Calibration here) {
    StringBuilder table = new StringBuilder(
        "mesh    nodes  ranks    network     forward s  reverse s  computing  copying  latency  carrying\n");
    for (Network network : List.of(new Network("UDP", Calibration.UDP), new Network("100 Gbit/s", FAST)))
      for (int[] point : new int[][]{{512, 1}, {512, 64}, {1024, 64}, {2048, 64}, {2048, 1024}, {4096, 1024}})
        table.append(outlook(here, network, point[0], point[1]));
    return table.toString();
  }

  private static String outlook(Calibration here, Network network, int cells, int nodes) {
    int ranks = nodes * LANES_A_NODE;
    int x = Integer.highestOneBit((int) Math.round(Math.sqrt(2.0 * ranks) - 0.5));
    SimulationPlan plan = new BenchModel(cells, OUTLOOK_STEPS).settings().plan();
    List<StepCost.Work> works = StepCost.Work.of(plan, Decomposition.even(plan.mesh(), x, ranks / x));
    StepCost cost = new StepCost(here.with(network.carrier()), LANES_A_NODE);
    Map<String, Double> parts = cost.parts(works, OUTLOOK_STEPS, true);
    StepCost.Pass pass = cost.forward(works.getFirst(), OUTLOOK_STEPS).plus(
        cost.reverse(works.getFirst(), OUTLOOK_STEPS));
    return String.format(Locale.ROOT, "%4d³  %6d  %3d×%-3d  %-10s  %9.2f  %9.2f  %8.1f%%  %6.1f%%  %6.1f%%  %7.1f%%%n",
        cells, nodes, x, ranks / x, nodes == 1 ? "none" : network.name(), parts.get("forward"), parts.get("reverse"),
        100 * pass.computing() / pass.seconds(), 100 * pass.copying() / pass.seconds(),
        100 * pass.latency() / pass.seconds(), 100 * pass.carrying() / pass.seconds());
  }
}
