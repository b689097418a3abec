package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** N(mean, sd²); mapped by x = mean + sd·u. */
public record Normal(Scalar mean, Scalar sd) implements ScalarDistribution {
  /** So many standard deviations from the mean there is practically no mass left. */
  static final double WIDE = 3;
  /** ½ log 2π. */
  public static final double HALF_LOG_TWO_PI = 0.91893853320467274178;

  public Normal {
    ParameterCheck.finite("normal", "mean", mean);
    ParameterCheck.positive("normal", "standard deviation", sd);
  }

  public Normal(double mean, double sd) {
    this(Scalar.constant(mean), Scalar.constant(sd));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return mean.plus(sd.times(u));
  }

  @Override
  public double unconstrain(double x) {
    return (x - mean.value()) / sd.value();
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return x.minus(mean).dividedBy(sd).square().times(-0.5).minus(sd.log()).minus(HALF_LOG_TWO_PI);
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return u.square().times(-0.5).minus(HALF_LOG_TWO_PI);
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return numbers.normal();
  }

  @Override
  public Scalar origin() {
    return mean;
  }

  @Override
  public Scalar unit() {
    return sd;
  }

  @Override
  public String text() {
    return "normal(" + mean + ", " + sd + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{mean.value() - WIDE * sd.value(), mean.value() + WIDE * sd.value()};
  }

  public static void checkNoise(double sigma) {
    if (!(sigma > 0 && sigma < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException("the noise of an observation must be positive, but sigma is " + sigma);
  }
}
