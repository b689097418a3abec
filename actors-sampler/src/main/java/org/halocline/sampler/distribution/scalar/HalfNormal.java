package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** |x| of x ~ N(0, sd²): p(x) = √(2/π) exp(−½x²/sd²)/sd for x ≥ 0; mapped by x = sd·exp(u). */
public record HalfNormal(Scalar sd) implements ScalarDistribution {
  private static final double LOG_NORM = StrictMath.log(2) - Normal.HALF_LOG_TWO_PI;

  public HalfNormal {
    ParameterCheck.positive("half-normal", "standard deviation", sd);
  }

  public HalfNormal(double sd) {
    this(Scalar.constant(sd));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return sd.times(u.exp());
  }

  @Override
  public double unconstrain(double x) {
    return StrictMath.log(ParameterCheck.above(0, x) / sd.value());
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return x.value() >= 0
        ? x.dividedBy(sd).square().times(-0.5).minus(sd.log()).plus(LOG_NORM)
        : ParameterCheck.outside();
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return u.times(2).exp().times(-0.5).plus(u).plus(LOG_NORM);
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return StrictMath.log(Math.max(Math.abs(numbers.normal()), Double.MIN_NORMAL));
  }

  @Override
  public Scalar origin() {
    return sd.log();
  }

  @Override
  public String text() {
    return "half-normal(" + sd + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{0, Normal.WIDE * sd.value()};
  }

  @Override
  public String advice() {
    return "half-normal takes the standard deviation of the normal that it is the upper half of";
  }
}
