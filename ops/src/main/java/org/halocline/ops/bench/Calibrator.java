package org.halocline.ops.bench;

import java.io.IOException;
import java.util.Locale;
import org.halocline.cosmology.mesh.Decomposition;
import org.halocline.domain.LaneUse;
import org.halocline.domain.cost.Calibration;
import org.halocline.domain.cost.DryRun;
import org.halocline.domain.cost.Traffic;
import org.halocline.domain.job.ModelSettings;
import org.halocline.runtime.node.NodeParts;

/**
 * Measures the constants of the cost model: gradients of a large and of a small cube, in few and in more steps, on one lane
 * and on two. What grows with steps is a step's, what is left the beginning's; what the small cube takes beyond its
 * particles' share is a step's own, or an exchange's.
 *
 * @param large
 *          side of the cube whose numbers do not fit a cache
 * @param small
 *          side of the cube whose step is short
 * @param updates
 *          particles times steps that each job makes up to at least, its repeats together
 */
public record Calibrator(int large, int small, long updates, Timing.Effort effort) {
  private static final int FEW = 4;
  private static final int MORE = 12;
  private static final int LEAST_REPEATS = 3;
  private static final int MOST_REPEATS = 100;
  private static final double LEAST_RATE = 1e-3;
  private static final double MOST_RATE = 100;

  /** A minute or so. */
  public static Calibrator standard() {
    return new Calibrator(128, 32, 30_000_000, new Timing.Effort(1_000_000_000L, 1_000_000_000L, 5));
  }

  /**
   * Measures.
   *
   * @param lanes
   *          of this machine; with one, what needs two is taken from the stored calibration
   * @param machine
   *          where and when, in words
   */
  public Calibration measure(NodeParts parts, int lanes, String machine) throws IOException, InterruptedException {
    double potentialNs = new FourierBench(large).measure(effort).getLast().best();
    try (JobRunner jobs = JobRunner.start(parts, Math.min(2, lanes))) {
      PassBench bench = new PassBench(jobs);
      return fit(potentialNs, (model, subdomains) -> passes(bench, model, subdomains), lanes, machine);
    }
  }

  /** Whatever times passes. */
  interface Source {
    PassBench.Passes passes(BenchModel model, int subdomains) throws IOException, InterruptedException;
  }

  /** Constants by which the model takes as long as was measured. */
  Calibration fit(double potentialNs, Source source, int lanes, String machine)
      throws IOException, InterruptedException {
    double fourierNs = potentialNs / log2(large);
    Slopes alone = slopes(source, large, 1);
    Slopes shortSteps = slopes(source, small, 1);
    double n = Math.pow(large, 3);
    double forwardNs = Math.max(0, alone.forward().perStep().computing() / n * 1e9 - fourierNs * log2(large));
    double reverseNs = Math.max(0, alone.reverse().perStep().computing() / n * 1e9 - 2 * fourierNs * log2(large));
    double initialNs = Math.max(0, alone.forward().atFirst() / n * 1e9);
    double initialReverseNs = Math.max(0, alone.reverse().atFirst() / n * 1e9);
    double few = Math.pow(small, 3) * (forwardNs + fourierNs * log2(small)) * 1e-9;
    double stepUs = Math.max(0, shortSteps.forward().perStep().seconds() - few) * 1e6;
    double first = Math.pow(small, 3) * (initialNs + initialReverseNs) * 1e-9;
    double passUs = Math.max(0, shortSteps.forward().atFirst() + shortSteps.reverse().atFirst() - first) / 2 * 1e6;
    Calibration stored = Calibration.stored();
    if (lanes < 2)
      return new Calibration(machine, forwardNs, reverseNs, initialNs, initialReverseNs, fourierNs, passUs, stepUs,
          stored.crowding(), stored.copyNs(), stored.local(), stored.network());
    Slopes both = slopes(source, large, 2);
    Slopes bothShort = slopes(source, small, 2);
    Traffic sent = step(large);
    Traffic sentShort = step(small);
    double crowding = Math.max(1,
        2 * both.perStep().computing() / Math.max(Double.MIN_NORMAL, alone.perStep().computing()));
    double copyNs = both.perStep().copying() * 1e9 / sent.allBytes();
    return new Calibration(machine, forwardNs, reverseNs, initialNs, initialReverseNs, fourierNs, passUs, stepUs,
        crowding,
        copyNs, carrier(both.perStep().waiting(), sent, bothShort.perStep().waiting(), sentShort), stored.network());
  }

  /**
   * Waits of a step with many bytes and of one with few: a part for each exchange, a part for each byte, and for each further
   * block of an exchange what is stored.
   */
  private static Calibration.Carrier carrier(double many, Traffic sent, double few, Traffic sentShort) {
    double messageUs = Calibration.stored().local().messageUs();
    double times = (double) sent.rounds() / sentShort.rounds();
    double manyUs = many * 1e6 - messageUs * (sent.messages() - sent.rounds());
    double fewUs = few * 1e6 - messageUs * (sentShort.messages() - sentShort.rounds());
    double byteUs = (manyUs - times * fewUs) / (2 * (sent.allBytes() - times * sentShort.allBytes()));
    double rate = Math.clamp(1e-3 / Math.max(byteUs, Double.MIN_NORMAL), LEAST_RATE, MOST_RATE);
    double roundUs = Math.max(0, (fewUs - 2e-3 * sentShort.allBytes() / rate) / sentShort.rounds());
    return new Calibration.Carrier(roundUs, messageUs, rate);
  }

  /** Of a forward and a reverse step of one rank of two. */
  private static Traffic step(int cells) {
    ModelSettings settings = new BenchModel(cells, FEW).settings();
    DryRun dry = DryRun.of(settings.plan(), settings.cosmology(), Decomposition.even(settings.plan().mesh(), 2, 1), 0);
    return dry.step().plus(dry.stepReverse());
  }

  private static double log2(int side) {
    return 3 * Math.log(side) / Math.log(2);
  }

  /** What a step takes, and what comes before the first. */
  private record Slope(LaneUse perStep, double atFirst) {
    static Slope of(LaneUse few, LaneUse more) {
      LaneUse step = new LaneUse(slope(few.computing(), more.computing()), slope(few.waiting(), more.waiting()),
          slope(few.copying(), more.copying()));
      return new Slope(step, few.seconds() - FEW * step.seconds());
    }

    private static double slope(double few, double more) {
      return Math.max(0, more - few) / (MORE - FEW);
    }
  }

  private record Slopes(Slope forward, Slope reverse) {
    LaneUse perStep() {
      LaneUse one = forward.perStep();
      LaneUse other = reverse.perStep();
      return new LaneUse(one.computing() + other.computing(), one.waiting() + other.waiting(),
          one.copying() + other.copying());
    }
  }

  private static Slopes slopes(Source source, int cells, int subdomains) throws IOException, InterruptedException {
    PassBench.Passes few = source.passes(new BenchModel(cells, FEW), subdomains);
    PassBench.Passes more = source.passes(new BenchModel(cells, MORE), subdomains);
    return new Slopes(Slope.of(few.forward(), more.forward()), Slope.of(few.reverse(), more.reverse()));
  }

  private PassBench.Passes passes(PassBench bench, BenchModel model, int subdomains)
      throws IOException, InterruptedException {
    int repeat = Math.clamp(updates / (model.particles() * model.steps()), LEAST_REPEATS, MOST_REPEATS);
    return bench.density(model, subdomains, repeat);
  }

  /** The constants for people. */
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
