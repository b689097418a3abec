package org.halocline.sampler.distribution;

import java.util.Optional;
import org.halocline.sampler.tape.Scalar;

/**
 * A distribution with other coordinates: v = share·origin + unit^share·u for the coordinate u of the distribution
 * itself. Share 0 is the distribution's own, non-centred map; share 1 is the centred one, whose coordinate is the value
 * itself, or its logarithm where the map takes one; between them lie those of Gorinova, Moore and Hoffman (ICML 2020).
 * Values and their density are the same.
 */
record Centred(ScalarDistribution inner, double share) implements ScalarDistribution {

  Centred {
    if (!(share >= 0 && share <= 1))
      throw new IllegalArgumentException("a share of centring lies between 0 and 1, but it is " + share);
  }

  private Scalar shift() {
    return inner.origin().times(share);
  }

  private Scalar stretch() {
    return inner.unit().pow(share);
  }

  private Scalar own(Scalar v) {
    return v.minus(shift()).dividedBy(stretch());
  }

  private double other(double u) {
    return shift().value() + stretch().value() * u;
  }

  @Override
  public Scalar constrain(Scalar v) {
    return inner.constrain(own(v));
  }

  @Override
  public double unconstrain(double x) {
    return other(inner.unconstrain(x));
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return inner.logDensity(x);
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar v) {
    return inner.logDensityUnconstrained(own(v)).minus(stretch().log());
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return other(inner.drawUnconstrained(numbers));
  }

  @Override
  public String text() {
    return inner.text();
  }

  @Override
  public Optional<double[]> bounds() {
    return inner.bounds();
  }

  @Override
  public double[] ends() {
    return inner.ends();
  }

  @Override
  public String advice() {
    return inner.advice();
  }
}
