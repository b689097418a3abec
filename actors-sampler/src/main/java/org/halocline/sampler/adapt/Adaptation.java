package org.halocline.sampler.adapt;

import org.halocline.cosmology.random.NoiseKey;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.hmc.Metric;
import org.halocline.sampler.hmc.TrajectoryPlan;

/**
 * Decides every trajectory of one chain and learns from it: first short trajectories down to the posterior, then the windows
 * of the warm-up, then fixed numbers. Not thread-safe; owned by the chain's actor.
 */
public final class Adaptation {
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

  private final AdaptationSettings settings;
  private final Windows windows;
  private final long seed;
  private final int chain;
  private final int scalars;
  private final int descentDraws;
  private double stepSize;
  private DualAveraging averaging;
  private Covariance covariance;
  private Metric metric;

  /**
   * Everything that a chain has learned.
   *
   * @param stepSize of the next trajectory
   * @param count draws in mean and moments, the window's so far
   */
  public record State(double stepSize, DualAveraging averaging, int count, double[] mean, double[] moments,
      double[] inverseMetric) {}

  public Adaptation(AdaptationSettings settings, long seed, int chain, int scalars) {
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

  /** Posteriors are narrower than priors, whose width on the real line is about one: a guess that the first window mends. */
  private static Metric firstMetric(int scalars) {
    double[] inverse = new double[scalars * scalars];
    for (int i = 0; i < scalars; i++)
      inverse[i * scalars + i] = FIRST_VARIANCE;
    return Metric.of(scalars, inverse);
  }

  public State state() {
    return new State(stepSize, averaging, covariance.count(), covariance.mean(),
        covariance.moments(), metric.inverse());
  }

  /** Takes up a state written down earlier under the same settings. */
  public void restore(State state) {
    stepSize = state.stepSize();
    averaging = state.averaging();
    covariance = new Covariance(scalars, state.count(), state.mean(), state.moments());
    metric = Metric.of(scalars, state.inverseMetric());
  }

  /** Begins with what a chain of an earlier run had learned; before the first draw. */
  public void begin(double learnedStep, double[] inverseMetric) {
    double[] inverse = inverseMetric.clone();
    for (int i = 0; i < scalars; i++)
      for (int j = 0; j < scalars; j++)
        if (i != j && !settings.dense())
          inverse[i * scalars + j] = 0;
    stepSize = bounded(learnedStep);
    averaging = DualAveraging.at(stepSize, settings.targetAcceptance());
    metric = Metric.of(scalars, inverse);
  }

  /** The next trajectory. */
  public TrajectoryPlan plan(int draw) {
    return new TrajectoryPlan(draw, stepSize, steps(draw), metric.inverse(), descends(draw));
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

  /**
   * Takes the outcome of a planned trajectory in.
   *
   * @param unconstrained the scalars of the chain's state after it
   */
  public void learn(TrajectoryPlan plan, double acceptance, double[] unconstrained) {
    if (plan.descent())
      descend(plan.draw(), acceptance);
    else if (plan.draw() < settings.warmUp())
      adapt(plan.draw(), acceptance, unconstrained);
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

  public double stepSize() {
    return stepSize;
  }

  public Metric metric() {
    return metric;
  }

  /** What the warm-up is doing at this draw, for people. */
  public String phase(int draw) {
    if (draw >= settings.warmUp())
      return "sampling";
    return descends(draw) ? "descent" : "warm-up";
  }
}
