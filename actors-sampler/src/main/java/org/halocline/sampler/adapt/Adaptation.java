package org.halocline.sampler.adapt;

import org.halocline.cosmology.mesh.NoiseKey;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.hmc.Metric;
import org.halocline.sampler.hmc.TrajectoryPlan;

/**
 * Decides every trajectory of one chain and learns from it: first a few probes of single steps for a step size to begin
 * with, then the windows of the warm-up, then fixed numbers. Early trajectories are short, because far from the posterior
 * long ones are not worth their gradients. Not thread-safe; owned by the chain's actor.
 */
public final class Adaptation {
  private static final int PROBES = 12;
  private static final int EARLY_STEPS = 8;
  private static final double RESTART = 1.5;
  private static final double FIRST_VARIANCE = 0.02;

  private final AdaptationSettings settings;
  private final Windows windows;
  private final long seed;
  private final int chain;
  private final int scalars;
  private int probes;
  private boolean searching;
  private boolean grew;
  private double stepSize;
  private DualAveraging averaging;
  private Covariance covariance;
  private Metric metric;

  /**
   * Everything that a chain has learned, and where it stands.
   *
   * @param searching whether the first step size is still being looked for
   */
  public record State(boolean searching, boolean grew, int probes, double stepSize, DualAveraging averaging, int count,
      double[] mean, double[] moments, double[] inverseMetric) {}

  public Adaptation(AdaptationSettings settings, long seed, int chain, int scalars) {
    this.settings = settings;
    this.windows = Windows.of(settings.warmUp());
    this.seed = seed;
    this.chain = chain;
    this.scalars = scalars;
    this.searching = settings.warmUp() > 0;
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
    return new State(searching, grew, probes, stepSize, averaging, covariance.count(), covariance.mean(),
        covariance.moments(), metric.inverse());
  }

  /** Takes up a state written down earlier under the same settings. */
  public void restore(State state) {
    searching = state.searching();
    grew = state.grew();
    probes = state.probes();
    stepSize = state.stepSize();
    averaging = state.averaging();
    covariance = new Covariance(scalars, state.count(), state.mean(), state.moments());
    metric = Metric.of(scalars, state.inverseMetric());
  }

  /** The next trajectory; a probe does not move the chain and has the draw's number. */
  public TrajectoryPlan plan(int draw) {
    if (searching)
      return new TrajectoryPlan(draw, 1 + probes, stepSize, 1, metric.inverse(), true);
    return new TrajectoryPlan(draw, 0, stepSize, steps(draw), metric.inverse(), false);
  }

  private int steps(int draw) {
    NoiseKey key = new NoiseKey(seed, NoiseKey.Purpose.TRAJECTORY, chain, draw, 0);
    double jitter = 1 + settings.jitter() * (2 * new RandomNumbers(key, 0).uniform() - 1);
    double steps = Math.rint(settings.trajectory() * jitter / stepSize);
    return (int) Math.max(1, Math.min(steps, mostSteps(draw)));
  }

  private int mostSteps(int draw) {
    boolean early = draw < windows.slowStart() / 2 && windows.draws() > draw;
    return early ? Math.min(EARLY_STEPS, settings.maxSteps()) : settings.maxSteps();
  }

  /**
   * Takes the outcome of a planned trajectory in.
   *
   * @param unconstrained the scalars of the chain's state after it
   */
  public void learn(TrajectoryPlan plan, double acceptance, double[] unconstrained) {
    if (plan.probe())
      search(acceptance);
    else if (plan.draw() < settings.warmUp())
      adapt(plan.draw(), acceptance, unconstrained);
  }

  /** Doubles or halves until a single step's acceptance crosses the target. */
  private void search(double acceptance) {
    boolean grow = acceptance > settings.targetAcceptance();
    boolean turned = probes > 0 && grow != grew;
    probes++;
    grew = grow;
    if (!turned)
      stepSize = bounded(grow ? 2 * stepSize : 0.5 * stepSize);
    if (turned || probes >= PROBES || stepSize >= settings.trajectory() / 4) {
      searching = false;
      averaging = DualAveraging.at(stepSize, settings.targetAcceptance());
    }
  }

  private void adapt(int draw, double acceptance, double[] unconstrained) {
    averaging = averaging.learn(acceptance);
    stepSize = bounded(averaging.trial());
    if (windows.slow(draw))
      covariance.add(unconstrained);
    if (windows.endsWith(draw)) {
      metric = Metric.of(scalars, covariance.regularised(settings.dense()));
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
    return searching ? "step size" : "warm-up";
  }
}
