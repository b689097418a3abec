package org.halocline.sampler.hmc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.adapt.Covariance;
import org.halocline.sampler.adapt.DualAveraging;
import org.halocline.sampler.adapt.Windows;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.kernel.ChainPolicy;
import org.halocline.sampler.kernel.ExactNumbers;
import org.halocline.sampler.kernel.Metric;
import org.halocline.sampler.kernel.Move;
import org.halocline.sampler.kernel.Transition;

/**
 * Decides every trajectory of one chain and learns from it: first short trajectories down to the posterior, then the
 * windows of the warm-up, then fixed numbers. Not thread-safe; owned by the chain's actor.
 */
final class HmcPolicy implements ChainPolicy {
  private static final int MOST_DESCENT = 30;
  private static final double DESCENT_SHARE = 0.15;
  private static final int DESCENT_STEPS = 10;
  private static final double GOOD = 0.8;
  private static final double BAD = 0.3;
  private static final double GROW = 1.15;
  private static final double SHRINK = 0.5;
  private static final double LONGEST_DESCENT = 0.15;
  private static final double RESTART = 1.5;
  private static final double FIRST_VARIANCE = 0.25;
  /** Smaller than any first step that a job may ask for: a warm-up that came here found no step at all. */
  private static final double FROZEN_STEP = 1e-5;

  private final HmcSettings settings;
  private final Windows windows;
  private final long seed;
  private final int chain;
  private final int scalars;
  private final int descentDraws;
  private double stepSize;
  private DualAveraging averaging;
  private Covariance covariance;
  private Metric metric;

  HmcPolicy(HmcSettings settings, long seed, int chain, int scalars) {
    this.settings = settings;
    this.windows = Windows.of(settings.warmUp());
    this.seed = seed;
    this.chain = chain;
    this.scalars = scalars;
    this.descentDraws = Math.min(MOST_DESCENT, (int) (DESCENT_SHARE * settings.warmUp()));
    this.stepSize = Math.min(settings.stepSize(), settings.trajectory());
    this.averaging = DualAveraging.at(stepSize, settings.targetAcceptance());
    this.covariance = new Covariance(scalars);
    this.metric = firstMetric(scalars);
  }

  /**
   * Posteriors are narrower than priors, whose width on the real line is about one: a guess that the first window
   * mends.
   */
  private static Metric firstMetric(int scalars) {
    double[] inverse = new double[scalars * scalars];
    for (int i = 0; i < scalars; i++)
      inverse[i * scalars + i] = FIRST_VARIANCE;
    return Metric.of(scalars, inverse);
  }

  @Override
  public JsonNode state() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    ExactNumbers.write(state, "step-size", stepSize);
    ExactNumbers.write(state, "averaging", averaging.target(), averaging.centre(), averaging.error(), averaging.log(),
        averaging.logMean());
    state.put("averaging-count", averaging.count());
    state.put("count", covariance.count());
    ExactNumbers.write(state, "mean", covariance.mean());
    ExactNumbers.write(state, "moments", covariance.moments());
    ExactNumbers.write(state, "inverse-metric", metric.inverse());
    return state;
  }

  @Override
  public void restore(JsonNode state) {
    stepSize = ExactNumbers.read(state, "step-size")[0];
    double[] a = ExactNumbers.read(state, "averaging");
    averaging = new DualAveraging(a[0], a[1], state.required("averaging-count").asInt(), a[2], a[3], a[4]);
    covariance = new Covariance(scalars, state.required("count").asInt(), ExactNumbers.read(state, "mean"),
        ExactNumbers.read(state, "moments"));
    metric = Metric.of(scalars, ExactNumbers.read(state, "inverse-metric"));
  }

  /**
   * Takes step size and metric, the metric on the scalars' real lines of now; a diagonal one if the settings say so.
   */
  @Override
  public void begin(JsonNode learned, double[] stretch) {
    double[] inverse = ExactNumbers.read(learned, "inverse-metric");
    for (int i = 0; i < scalars; i++)
      for (int j = 0; j < scalars; j++) {
        inverse[i * scalars + j] *= stretch[i];
        inverse[j * scalars + i] *= stretch[i];
      }
    for (int i = 0; i < scalars; i++)
      for (int j = 0; j < scalars; j++)
        if (i != j && !settings.dense())
          inverse[i * scalars + j] = 0;
    stepSize = bounded(ExactNumbers.read(learned, "step-size")[0]);
    averaging = DualAveraging.at(stepSize, settings.targetAcceptance());
    metric = Metric.of(scalars, inverse);
  }

  /** The next trajectory. */
  @Override
  public HmcMove next(int draw) {
    return new HmcMove(draw, stepSize, steps(draw), metric.inverse(), descends(draw));
  }

  private int steps(int draw) {
    if (descends(draw))
      return Math.min(DESCENT_STEPS, settings.maxSteps());
    NoiseKey key = new NoiseKey(seed, NoiseKey.Purpose.TRAJECTORY, chain, draw, 0);
    double jitter = 1 + settings.jitter() * (2 * new RandomNumbers(key, 0).uniform() - 1);
    // The bound shortens the mean, not the jittered length: trajectories all of one length could follow a closed orbit.
    double mean = Math.min(settings.trajectory() / stepSize, settings.maxSteps() / (1 + settings.jitter()));
    return (int) Math.max(1, Math.rint(mean * jitter));
  }

  private boolean descends(int draw) {
    return draw < descentDraws;
  }

  @Override
  public void learn(Move move, Transition outcome) {
    learn((HmcMove) move, outcome.acceptance(), outcome.unconstrained());
  }

  void learn(HmcMove trajectory, double acceptance, double[] unconstrained) {
    if (trajectory.descent())
      descend(trajectory.draw(), acceptance);
    else if (trajectory.draw() < settings.warmUp())
      adapt(trajectory.draw(), acceptance, unconstrained);
  }

  /** On the way down energy errors say little about those at the bottom: only clear signs change the step. */
  private void descend(int draw, double acceptance) {
    if (acceptance > GOOD)
      stepSize = Math.min(bounded(GROW * stepSize), Math.max(stepSize, LONGEST_DESCENT));
    else if (acceptance < BAD)
      stepSize = bounded(SHRINK * stepSize);
    if (draw == descentDraws - 1)
      averaging = DualAveraging.at(stepSize, settings.targetAcceptance());
  }

  private void adapt(int draw, double acceptance, double[] unconstrained) {
    averaging = averaging.learn(acceptance);
    stepSize = bounded(averaging.trial());
    if (windows.slow(draw))
      covariance.add(unconstrained);
    if (windows.endsWith(draw)) {
      metric = Metric.of(scalars, covariance.regularised(settings.dense(), metric.inverse()));
      covariance = new Covariance(scalars);
      double settled = bounded(averaging.averaged());
      averaging = DualAveraging.at(RESTART * settled, settings.targetAcceptance());
      stepSize = bounded(settled);
    }
    if (draw == settings.warmUp() - 1)
      stepSize = bounded(averaging.averaged());
  }

  private double bounded(double step) {
    return Math.max(1e-6, Math.min(step, settings.trajectory()));
  }

  @Override
  public List<String> columns() {
    return List.of("accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__");
  }

  @Override
  public List<String> values(Move move, Transition outcome) {
    return List.of(Double.toString(outcome.acceptance()), Double.toString(((HmcMove) move).stepSize()), "0",
        Integer.toString(outcome.gradients()), outcome.divergent() ? "1" : "0", Double.toString(outcome.energy()));
  }

  @Override
  public List<String> comments() {
    double[] inverse = metric.inverse();
    List<String> lines = new ArrayList<>(List.of("Step size = " + stepSize,
        (settings.dense() ? "Elements" : "Diagonal elements") + " of inverse mass matrix:"));
    for (int i = 0; i < (settings.dense() ? scalars : Math.min(1, scalars)); i++) {
      List<String> row = new ArrayList<>();
      for (int j = 0; j < scalars; j++)
        row.add(Double.toString(inverse[settings.dense() ? i * scalars + j : j * scalars + j]));
      lines.add(String.join(", ", row));
    }
    return lines;
  }

  @Override
  public String phase(int draw) {
    if (draw >= settings.warmUp())
      return "sampling";
    return descends(draw) ? "descent" : "warm-up";
  }

  @Override
  public String words() {
    return String.format(Locale.ROOT, "step %.3g", stepSize);
  }

  @Override
  public Map<String, Double> numbers() {
    return Map.of("step-size", stepSize);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("step-size", stepSize);
    facts.put("inverse-metric", metric.inverse());
    return facts;
  }

  @Override
  public Optional<String> doubt() {
    return stepSize < FROZEN_STEP
        ? Optional.of(String.format(Locale.ROOT, "froze: its step shrank to %.2g", stepSize))
        : Optional.empty();
  }

  double stepSize() {
    return stepSize;
  }

  Metric metric() {
    return metric;
  }
}
