package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** p(x) = rate exp(−rate x) for x ≥ 0; mapped by x = exp(u)/rate. */
public record Exponential(Scalar rate) implements ScalarDistribution {
  /** Beyond so many means lies as little as beyond three standard deviations of a normal. */
  private static final double WIDE = 7;

  public Exponential {
    ParameterCheck.positive("exponential", "rate", rate);
  }

  public Exponential(double rate) {
    this(Scalar.constant(rate));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return u.exp().dividedBy(rate);
  }

  @Override
  public double unconstrain(double x) {
    return StrictMath.log(ParameterCheck.above(0, x) * rate.value());
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return x.value() >= 0 ? rate.log().minus(rate.times(x)) : ParameterCheck.outside();
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return u.minus(u.exp());
  }

  /** Of one uniform number v: rate·x = −log v. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return StrictMath.log(-StrictMath.log(numbers.open()));
  }

  @Override
  public Scalar origin() {
    return rate.log().negate();
  }

  @Override
  public String text() {
    return "exponential(" + rate + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{0, WIDE / rate.value()};
  }

  @Override
  public String advice() {
    return "exponential takes a rate, the inverse of the mean";
  }
}
