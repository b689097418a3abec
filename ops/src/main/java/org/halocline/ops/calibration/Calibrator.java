package org.halocline.ops.calibration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.program.LaneUse;
import org.halocline.ops.machine.Machine;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.FourierBench;
import org.halocline.ops.timing.PassBench;
import org.halocline.ops.timing.Timing;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.LayoutDevice;
import org.halocline.sampler.model.cost.Calibration;
import org.halocline.sampler.model.cost.DryRun;
import org.halocline.sampler.model.cost.StepCost;
import org.halocline.sampler.model.cost.Traffic;
import org.halocline.sampler.model.nbody.NbodyPlan;

/**
 * Measures the constants of the cost model: gradients of cubes, small ones whose step is short and large ones whose
 * numbers do not fit a cache, in few and in more steps, on one lane and on two. The constants are those by which the
 * model comes nearest to all of these passes, each weighed by its own time.
 *
 * @param sides of the cubes
 * @param steps that each cube is run for
 * @param rounds how often all points are run, one after the other; the fastest counts, since a machine's speed drifts
 * @param updates particles times steps that each job makes up to at least, its repeats together
 */
public record Calibrator(List<Integer> sides, List<Integer> steps, int rounds, long updates, Timing.Effort effort) {
  private static final int LEAST_REPEATS = 2;
  private static final int MOST_REPEATS = 100;
  private static final double LEAST_RATE = 1e-3;
  private static final double MOST_RATE = 100;

  /** Takes a minute and a half or so. */
  public static Calibrator standard() {
    return new Calibrator(List.of(32, 64, 128), List.of(4, 16), 2, 10_000_000,
        new Timing.Effort(1_000_000_000L, 1_000_000_000L, 5));
  }

  public int largest() {
    return sides.getLast();
  }

  /**
   * Measures.
   *
   * @param lanes of this machine; with one, what needs two is taken from the stored calibration
   */
  public Calibration measure(NodeParts parts, int lanes) throws IOException {
    double potentialNs = new FourierBench(largest()).measure(effort).getLast().best();
    try (PassBench bench = PassBench.start(parts, Math.min(2, lanes))) {
      return fit(potentialNs, (model, subdomains) -> bench.density(model, LayoutDevice.CORE, subdomains,
          model.repeats(updates, LEAST_REPEATS, MOST_REPEATS)), lanes, processor() + ", measured on "
              + LocalDate.now(ZoneId.systemDefault()));
    }
  }

  /** The processor's name, as the kernel tells it, with the number of cores. */
  private static String processor() throws IOException {
    int cores = Machine.coresHere();
    Path told = Path.of("/proc/cpuinfo");
    return cores + (cores == 1 ? " core of " : " cores of ")
        + (Files.exists(told) ? Files.readAllLines(told) : List.<String>of()).stream()
            .filter(line -> line.startsWith("model name")).map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst().orElse(System.getProperty("os.arch"));
  }

  interface Source {
    PassBench.Passes passes(BenchModel model, int subdomains) throws IOException;
  }

  /** Passes of one cube in some steps on some subdomains, the fastest of all rounds. */
  private record Point(BenchModel model, int subdomains, PassBench.Passes passes) {
    double particles() {
      return (double) model.particles() / subdomains;
    }

    /** ns that transforms take of a forward pass; a reverse pass has twice as many. */
    double fourierNs(double fourierNs) {
      return particles() * model.steps() * fourierNs * log2(model.cells());
    }

    /** What one rank sends in a forward and in a reverse pass. */
    DryRun traffic() {
      NbodyPlan settings = model.settings();
      return DryRun.of(settings.plan(),
          Decomposition.even(settings.plan().mesh(), subdomains, 1), 0);
    }
  }

  /** Constants by which the model comes nearest to what was measured. */
  Calibration fit(double potentialNs, Source source, int lanes, String machine)
      throws IOException {
    double fourierNs = potentialNs / log2(largest());
    int most = Math.min(2, lanes);
    Map<List<Integer>, Point> points = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++)
      for (int side : sides)
        for (int count : steps)
          for (int subdomains = 1; subdomains <= most; subdomains++) {
            BenchModel model = new BenchModel(side, count);
            Point point = new Point(model, subdomains, source.passes(model, subdomains));
            points.merge(List.of(side, count, subdomains), point,
                (one, other) -> one.passes().seconds() <= other.passes().seconds() ? one : other);
          }
    List<Point> alone = points.values().stream().filter(point -> point.subdomains() == 1).toList();
    List<Point> both = points.values().stream().filter(point -> point.subdomains() == 2).toList();
    Calibration computing = computing(alone, fourierNs, machine);
    return both.isEmpty() ? computing : sharing(both, computing);
  }

  /** What a lane computes by itself. */
  private static Calibration computing(List<Point> points, double fourierNs, String machine) {
    RelativeFit fit = new RelativeFit(6);
    for (Point point : points) {
      double n = point.particles();
      int steps = point.model().steps();
      double fourier = point.fourierNs(fourierNs);
      double forward = point.passes().forward().computing() * 1e9;
      double reverse = point.passes().reverse().computing() * 1e9;
      fit.add(forward - fourier, forward, n * steps, 0, n, 0, 1, steps);
      fit.add(reverse - 2 * fourier, reverse, 0, n * steps, 0, n, 1, steps);
    }
    double[] found = fit.solve();
    Calibration stored = Calibration.stored();
    return new Calibration(machine, found[0], found[1], found[2], found[3], fourierNs, found[4] * 1e-3,
        found[5] * 1e-3, stored.crowding(), stored.copyNs(), stored.local(), stored.network());
  }

  /** What two lanes of one node do to each other. */
  private static Calibration sharing(List<Point> points, Calibration alone) {
    double messageUs = alone.local().messageUs();
    RelativeFit crowding = new RelativeFit(1);
    RelativeFit copying = new RelativeFit(1);
    RelativeFit waiting = new RelativeFit(2);
    StepCost cost = new StepCost(alone, 1);
    for (Point point : points) {
      DryRun traffic = point.traffic();
      int steps = point.model().steps();
      long cells = Math.round(Math.pow(point.model().cells(), 3));
      StepCost.Work work = new StepCost.Work(Math.round(point.particles()), cells, 1, traffic);
      double own = (alone.passUs() + steps * alone.stepUs()) * 1e-6;
      PassBench.Passes passes = point.passes();
      crowd(crowding, passes.forward(), cost.forward(work, steps).computing(), own);
      crowd(crowding, passes.reverse(), cost.reverse(work, steps).computing(), own);
      for (boolean forward : new boolean[]{true, false}) {
        Traffic sent = forward ? traffic.forward(steps) : traffic.reverse(steps);
        LaneUse use = forward ? passes.forward() : passes.reverse();
        copying.add(use.copying() * 1e9, use.seconds() * 1e9, sent.allBytes());
        double further = messageUs * Math.max(0, sent.messages() - sent.rounds());
        waiting.add(use.waiting() * 1e6 - further, use.seconds() * 1e6, sent.rounds(), 2e-3 * sent.allBytes());
      }
    }
    double[] waits = waiting.solve();
    Calibration.Carrier local = new Calibration.Carrier(waits[0], messageUs,
        Math.clamp(1 / Math.max(waits[1], Double.MIN_NORMAL), LEAST_RATE, MOST_RATE));
    return alone.withSharing(Math.max(1, crowding.solve()[0]), copying.solve()[0], local);
  }

  /** @param own seconds of a pass that do not grow with its particles, which the other core does not slow down */
  private static void crowd(RelativeFit fit, LaneUse measured, double foreseen, double own) {
    fit.add(measured.computing() - own, measured.seconds(), foreseen - own);
  }

  private static double log2(int side) {
    return 3 * Math.log(side) / Math.log(2);
  }

  public static String text(Calibration c) {
    return String.format(Locale.ROOT, """
        a particle and step, forward          %8.1f ns, and its transforms
        a particle and step, reverse          %8.1f ns, and its transforms
        a particle before the first step      %8.1f ns
        a particle after the last step back   %8.1f ns
        a cell, there and back in Fourier     %8.3f ns for each factor of two in the cells
        a pass of no steps                    %8.1f us
        a step of no particles                %8.1f us
        another core computes too             %8.2f times as long
        a byte packed and unpacked            %8.3f ns
        an exchange                           %8.1f us and %.2f bytes a ns
        """, c.forwardNs(), c.reverseNs(), c.initialNs(), c.initialReverseNs(), c.fourierNs(), c.passUs(), c.stepUs(),
        c.crowding(),
        c.copyNs(), c.local().roundUs(), c.local().bytesANs());
  }
}
