package org.halocline.sampler.distribution.interval;

import java.util.Optional;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** Uniform on (low, high); mapped by a logit. */
public record Uniform(double low, double high) implements ScalarDistribution {

  public Uniform {
    Bounds.check("uniform", low, high);
  }

  @Override
  public Scalar constrain(Scalar u) {
    return Bounds.constrain(u, low, high);
  }

  @Override
  public double unconstrain(double x) {
    return Bounds.unconstrain(x, low, high);
  }

  @Override
  public Scalar logDensity(Scalar x) {
    boolean inside = x.value() >= low && x.value() <= high;
    return Scalar.constant(inside ? -StrictMath.log(high - low) : Double.NEGATIVE_INFINITY);
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return u.logSigmoid().plus(u.negate().logSigmoid());
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    double v = numbers.open();
    return StrictMath.log(v) - StrictMath.log1p(-v);
  }

  @Override
  public String text() {
    return "uniform(" + low + ", " + high + ")";
  }

  @Override
  public Optional<double[]> bounds() {
    return Optional.of(ends());
  }

  @Override
  public double[] ends() {
    return new double[]{low, high};
  }
}
