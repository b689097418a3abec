package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/**
 * The improper prior of density one everywhere, for derivatives by a number itself at a given point: x = at + u. It
 * cannot be drawn from.
 *
 * @param at the number at u = 0
 */
public record Flat(double at) implements ScalarDistribution {

  @Override
  public Scalar constrain(Scalar u) {
    return u.plus(at);
  }

  @Override
  public double unconstrain(double x) {
    return x - at;
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return Scalar.constant(0);
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return Scalar.constant(0);
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    throw new UnsupportedOperationException("a flat prior has no draws");
  }

  @Override
  public String text() {
    return "flat(" + at + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
  }
}
