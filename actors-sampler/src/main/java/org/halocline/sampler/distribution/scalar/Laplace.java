package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** p(x) = exp(−|u|)/(2 scale); mapped by x = location + scale·u. */
public record Laplace(Scalar location, Scalar scale) implements ScalarDistribution {
  private static final double LOG_TWO = StrictMath.log(2);
  /** Beyond so many scales lies as little as beyond three standard deviations of a normal. */
  private static final double WIDE = 6;

  public Laplace {
    ParameterCheck.finite("laplace", "location", location);
    ParameterCheck.positive("laplace", "scale", scale);
  }

  public Laplace(double location, double scale) {
    this(Scalar.constant(location), Scalar.constant(scale));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return location.plus(scale.times(u));
  }

  @Override
  public double unconstrain(double x) {
    return (x - location.value()) / scale.value();
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return logDensityUnconstrained(x.minus(location).dividedBy(scale)).minus(scale.log());
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return u.abs().negate().minus(LOG_TWO);
  }

  /** Of one uniform number. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    double v = numbers.open();
    return v < 0.5 ? StrictMath.log(2 * v) : -StrictMath.log(2 * (1 - v));
  }

  @Override
  public Scalar origin() {
    return location;
  }

  @Override
  public Scalar unit() {
    return scale;
  }

  @Override
  public String text() {
    return "laplace(" + location + ", " + scale + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{location.value() - WIDE * scale.value(), location.value() + WIDE * scale.value()};
  }
}
