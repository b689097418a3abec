package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** log x ~ N(mean, sd²); mapped by x = exp(mean + sd·u). */
public record LogNormal(Scalar mean, Scalar sd) implements ScalarDistribution {

  public LogNormal {
    ParameterCheck.finite("log-normal", "mean of the logarithm", mean);
    ParameterCheck.positive("log-normal", "standard deviation", sd);
  }

  public LogNormal(double mean, double sd) {
    this(Scalar.constant(mean), Scalar.constant(sd));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return mean.plus(sd.times(u)).exp();
  }

  @Override
  public double unconstrain(double x) {
    if (!(x > 0))
      throw new IllegalArgumentException("the value " + x + " lies outside (0, ∞)");
    return (StrictMath.log(x) - mean.value()) / sd.value();
  }

  @Override
  public Scalar logDensity(Scalar x) {
    if (!(x.value() > 0))
      return Scalar.constant(Double.NEGATIVE_INFINITY);
    Scalar log = x.log();
    return log.minus(mean).dividedBy(sd).square().times(-0.5).minus(sd.log()).minus(log)
        .minus(Normal.HALF_LOG_TWO_PI);
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return u.square().times(-0.5).minus(Normal.HALF_LOG_TWO_PI);
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
    return "log-normal(" + mean + ", " + sd + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{StrictMath.exp(mean.value() - Normal.WIDE * sd.value()),
        StrictMath.exp(mean.value() + Normal.WIDE * sd.value())};
  }

  @Override
  public String advice() {
    return "log-normal takes the mean and the standard deviation of the logarithm";
  }
}
