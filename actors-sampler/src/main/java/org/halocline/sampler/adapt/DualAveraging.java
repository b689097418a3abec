package org.halocline.sampler.adapt;

/**
 * Finds the step size whose mean acceptance is the target: Nesterov's dual averaging, Hoffman &amp; Gelman 2014,
 * section 3.2, with twice their γ: steps of a fixed trajectory cost gradients, so one rejection should not quarter
 * them. Immutable.
 *
 * @param target mean acceptance wanted
 * @param centre log step size that early iterations are drawn to
 * @param count iterations so far
 * @param error running mean of target − acceptance
 * @param log log of the step size to try next
 * @param logMean log of the averaged step size
 */
public record DualAveraging(double target, double centre, int count, double error, double log, double logMean) {
  private static final double GAMMA = 0.1;
  private static final double T0 = 10;
  private static final double KAPPA = 0.75;

  /** Starts at a step size, which is also the centre. */
  public static DualAveraging at(double stepSize, double target) {
    double log = StrictMath.log(stepSize);
    return new DualAveraging(target, log, 0, 0, log, log);
  }

  /** Takes the acceptance of one trajectory in. */
  public DualAveraging learn(double acceptance) {
    int n = count + 1;
    double weight = 1 / (n + T0);
    double mean = (1 - weight) * error + weight * (target - Math.min(1, acceptance));
    double next = centre - mean * Math.sqrt(n) / GAMMA;
    double share = StrictMath.pow(n, -KAPPA);
    return new DualAveraging(target, centre, n, mean, next, share * next + (1 - share) * logMean);
  }

  /** The step size for the next trajectory of the warm-up. */
  public double trial() {
    return StrictMath.exp(log);
  }

  /** The step size that the iterations average to. */
  public double averaged() {
    return StrictMath.exp(logMean);
  }
}
