package org.halocline.ops.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.halocline.ops.timing.BenchModel;
import org.halocline.ops.timing.FourierBench;
import org.halocline.ops.timing.Measurement;
import org.halocline.ops.timing.PassBench;
import org.halocline.ops.timing.Timing;
import org.halocline.runtime.node.NodeParts;
import org.halocline.sampler.model.LayoutDevice;

/**
 * The benchmarks in their order.
 *
 * @param cells along a side of the cube that steps and kernels are timed on
 * @param lanes the most subdomains side by side
 * @param transforms sides of the cubes that are transformed
 * @param effort for what is timed by itself
 * @param updates particles times steps that a timed job makes up to at least, its repeats together
 */
public record Bench(int cells, int lanes, List<Integer> transforms, Timing.Effort effort, long updates) {
  private static final int STEPS = 10;
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int LEAST_REPEATS = 3;
  private static final long SURVEY_UPDATES = 200_000;

  public Bench {
    transforms = List.copyOf(transforms);
  }

  /** Takes some two minutes. */
  public static Bench full(int cells, int lanes) {
    return new Bench(cells, lanes, List.of(64, 128, 256), new Timing.Effort(SECOND_NS, SECOND_NS, 5), 20_000_000);
  }

  /** Takes half a minute. */
  public static Bench quick(int cells, int lanes) {
    return new Bench(cells, lanes, List.of(64, 128), new Timing.Effort(SECOND_NS / 2, SECOND_NS / 2, 3), 10_000_000);
  }

  /** Runs all benchmarks, telling each figure as it is found. */
  public void run(NodeParts parts, Consumer<Measurement> found) throws IOException {
    for (int side : transforms)
      new FourierBench(side).measure(effort).forEach(found);
    KernelBench.onCore(new BenchModel(cells, 4), effort).forEach(found);
    TransportBench.measure(effort).forEach(found);
    try (PassBench bench = PassBench.start(parts, Math.max(1, lanes))) {
      passes(bench, found);
    }
  }

  private void passes(PassBench bench, Consumer<Measurement> found) throws IOException {
    BenchModel model = new BenchModel(cells, STEPS);
    int repeat = model.repeats(updates, LEAST_REPEATS, Integer.MAX_VALUE);
    double once = 1e-9 * model.particles() * STEPS;
    Optional<PassBench.Passes> alone = Optional.empty();
    for (int subdomains = 1; subdomains <= Math.min(2, lanes); subdomains++) {
      PassBench.Passes passes = bench.density(model, LayoutDevice.CORE, subdomains, repeat);
      Measurement forward = step("step-forward", model, subdomains, passes.forward().seconds() / once);
      double whole = passes.seconds() / once;
      Measurement gradient = step("step-gradient", model, subdomains, whole);
      found.accept(alone.map(one -> forward.beside("1 subdomain", one.forward().seconds() / once)).orElse(forward));
      found.accept(alone.map(one -> gradient.beside("1 subdomain", one.seconds() / once))
          .orElse(gradient.beside("forward", passes.forward().seconds() / once)));
      if (alone.isPresent())
        found.accept(Measurement.of("step-waiting", model.mesh(), subdomains, Measurement.Unit.PERCENT,
            100 * passes.forward().waiting() / passes.forward().seconds()));
      alone = alone.or(() -> Optional.of(passes));
    }
    double survey = bench.surveySeconds((int) Math.max(LEAST_REPEATS, updates / SURVEY_UPDATES));
    found.accept(Measurement.of("survey-leapfrog", List.of(16, 16, 32), 1, Measurement.Unit.MS, survey * 1e3));
  }

  private static Measurement step(String name, BenchModel model, int subdomains, double ns) {
    return Measurement.of(name, model.mesh(), subdomains, Measurement.Unit.NS_PER_PARTICLE_STEP, ns);
  }
}
