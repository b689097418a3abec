package org.halocline.sampler.distribution.interval;

import org.apache.commons.math3.special.Beta;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/**
 * x = log(y/(1 − y)) for y ~ beta(a, b): p(x) = σ(x)^a σ(−x)^b/B(a, b); mapped by x = log(a/b) + √(1/a + 1/b) u, so
 * that u is of order one.
 */
public record LogOdds(Scalar a, Scalar b) implements ScalarDistribution {

  public LogOdds {
    ParameterCheck.positive("beta", "first shape", a);
    ParameterCheck.positive("beta", "second shape", b);
  }

  @Override
  public Scalar constrain(Scalar u) {
    return origin().plus(unit().times(u));
  }

  @Override
  public double unconstrain(double x) {
    return (x - origin().value()) / unit().value();
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return a.times(x.logSigmoid()).plus(b.times(x.negate().logSigmoid())).minus(logBeta());
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return logDensity(constrain(u)).plus(unit().log());
  }

  /** log B(a, b). */
  Scalar logBeta() {
    double both = Scalar.digamma(a.value() + b.value());
    return a.function(Beta.logBeta(a.value(), b.value()), b, Scalar.digamma(a.value()) - both,
        Scalar.digamma(b.value()) - both);
  }

  /** Of two gamma numbers; see {@link RandomNumbers#logOfGamma} of how many numbers they take. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return unconstrain(numbers.logOfGamma(a.value()) - numbers.logOfGamma(b.value()));
  }

  @Override
  public Scalar origin() {
    return a.log().minus(b.log());
  }

  @Override
  public Scalar unit() {
    return a.pow(-1).plus(b.pow(-1)).sqrt();
  }

  @Override
  public String text() {
    return "log-odds(" + a + ", " + b + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{constrain(Scalar.constant(-4)).value(), constrain(Scalar.constant(4)).value()};
  }
}
