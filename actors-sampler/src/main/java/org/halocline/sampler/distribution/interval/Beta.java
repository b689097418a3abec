package org.halocline.sampler.distribution.interval;

import java.util.Optional;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** p(x) = x^(a − 1) (1 − x)^(b − 1)/B(a, b) on (0, 1); mapped by {@link LogOdds}. */
public record Beta(LogOdds odds) implements ScalarDistribution {

  public Beta(Scalar a, Scalar b) {
    this(new LogOdds(a, b));
  }

  public Beta(double a, double b) {
    this(Scalar.constant(a), Scalar.constant(b));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return Bounds.constrain(odds.constrain(u), 0, 1);
  }

  @Override
  public double unconstrain(double x) {
    return odds.unconstrain(Bounds.unconstrain(x, 0, 1));
  }

  @Override
  public Scalar logDensity(Scalar x) {
    if (!(x.value() >= 0 && x.value() <= 1))
      return ParameterCheck.outside();
    return power(x.log(), odds.a()).plus(power(x.negate().log1p(), odds.b())).minus(odds.logBeta());
  }

  /** (shape − 1) log, which is 0 of a shape of one at an end too. */
  private static Scalar power(Scalar log, Scalar shape) {
    return shape.value() == 1 && Double.isInfinite(log.value()) ? Scalar.constant(0) : shape.minus(1).times(log);
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return odds.logDensityUnconstrained(u);
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return odds.drawUnconstrained(numbers);
  }

  @Override
  public Scalar origin() {
    return odds.origin();
  }

  @Override
  public Scalar unit() {
    return odds.unit();
  }

  @Override
  public String text() {
    return "beta(" + odds.a() + ", " + odds.b() + ")";
  }

  @Override
  public Optional<double[]> bounds() {
    return Optional.of(ends());
  }

  @Override
  public double[] ends() {
    return new double[]{0, 1};
  }

  @Override
  public String advice() {
    return "the mean of beta(a, b) is a/(a + b)";
  }
}
