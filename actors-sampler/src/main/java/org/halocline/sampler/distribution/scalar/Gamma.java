package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/**
 * p(x) = rate^shape x^(shape − 1) exp(−rate x)/Γ(shape) for x > 0; mapped by x = shape/rate · exp(u/√shape), so that u
 * = 0 is the mean and u is of order one.
 */
public record Gamma(Scalar shape, Scalar rate) implements ScalarDistribution {

  public Gamma {
    ParameterCheck.positive("gamma", "shape", shape);
    ParameterCheck.positive("gamma", "rate", rate);
  }

  public Gamma(double shape, double rate) {
    this(Scalar.constant(shape), Scalar.constant(rate));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return u.times(unit()).exp().times(shape.dividedBy(rate));
  }

  @Override
  public double unconstrain(double x) {
    double log = StrictMath.log(ParameterCheck.above(0, x)) + StrictMath.log(rate.value())
        - StrictMath.log(shape.value());
    return log * Math.sqrt(shape.value());
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return x.value() > 0
        ? shape.times(rate.log()).plus(shape.minus(1).times(x.log())).minus(rate.times(x)).minus(shape.logGamma())
        : ParameterCheck.outside();
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return logDensityOfLog(shape, u.times(unit())).plus(unit().log());
  }

  /** Of v = log(x/mean): log p = shape (v − e^v) + shape log shape − log Γ(shape). */
  static Scalar logDensityOfLog(Scalar shape, Scalar v) {
    return v.minus(v.exp()).plus(shape.log()).times(shape).minus(shape.logGamma());
  }

  /** See {@link RandomNumbers#logOfGamma} of how many numbers it takes. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return (numbers.logOfGamma(shape.value()) - StrictMath.log(shape.value())) * Math.sqrt(shape.value());
  }

  @Override
  public Scalar origin() {
    return shape.log().minus(rate.log());
  }

  @Override
  public Scalar unit() {
    return shape.pow(-0.5);
  }

  @Override
  public String text() {
    return "gamma(" + shape + ", " + rate + ")";
  }

  /** By the cube root's nearly normal law (Wilson and Hilferty). */
  @Override
  public double[] ends() {
    double ninth = 1 / (9 * shape.value());
    double low = Math.max(0.01, 1 - ninth - Normal.WIDE * Math.sqrt(ninth));
    double high = 1 - ninth + Normal.WIDE * Math.sqrt(ninth);
    double mean = shape.value() / rate.value();
    return new double[]{mean * low * low * low, mean * high * high * high};
  }

  @Override
  public String advice() {
    return "gamma takes shape and rate; its mean is shape/rate";
  }
}
