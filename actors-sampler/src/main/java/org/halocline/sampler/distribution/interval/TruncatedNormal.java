package org.halocline.sampler.distribution.interval;

import java.util.Optional;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.distribution.scalar.Normal;
import org.halocline.sampler.tape.Scalar;

/** N(mean, sd²) cut to (low, high); mapped by a logit. */
public record TruncatedNormal(Scalar mean, Scalar sd, double low, double high) implements ScalarDistribution {

  public TruncatedNormal {
    Bounds.check("truncated-normal", low, high);
    ParameterCheck.finite("truncated-normal", "mean", mean);
    ParameterCheck.positive("truncated-normal", "standard deviation", sd);
    double mass = NormalMass.log((low - mean.value()) / sd.value(), (high - mean.value()) / sd.value());
    if (!Double.isFinite(mass))
      throw ParameterCheck.refusal(mean.isConstant() && sd.isConstant(),
          "truncated-normal with mean " + mean + " and standard deviation " + sd
              + " has no mass between " + low + " and " + high);
  }

  public TruncatedNormal(double mean, double sd, double low, double high) {
    this(Scalar.constant(mean), Scalar.constant(sd), low, high);
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
    if (!(x.value() >= low && x.value() <= high))
      return Scalar.constant(Double.NEGATIVE_INFINITY);
    return x.minus(mean).dividedBy(sd).square().times(-0.5).minus(sd.log()).minus(Normal.HALF_LOG_TWO_PI)
        .minus(logMass());
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return logDensity(constrain(u)).plus(Bounds.logJacobian(u, low, high));
  }

  /** log of the mass of N(mean, sd²) inside the bounds. */
  private Scalar logMass() {
    Scalar a = Scalar.constant(low).minus(mean).dividedBy(sd);
    Scalar b = Scalar.constant(high).minus(mean).dividedBy(sd);
    double mass = NormalMass.log(a.value(), b.value());
    double byA = -StrictMath.exp(-0.5 * a.value() * a.value() - Normal.HALF_LOG_TWO_PI - mass);
    double byB = StrictMath.exp(-0.5 * b.value() * b.value() - Normal.HALF_LOG_TWO_PI - mass);
    return a.function(mass, b, byA, byB);
  }

  /** By bisection of the distribution function on the real line: as many steps as a double has bits, and some. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    double target = StrictMath.log(numbers.open());
    double a = (low - mean.value()) / sd.value();
    double total = NormalMass.log(a, (high - mean.value()) / sd.value());
    double below = -700;
    double above = 700;
    for (int step = 0; step < 80; step++) {
      double middle = 0.5 * (below + above);
      double x = Bounds.constrain(Scalar.constant(middle), low, high).value();
      if (NormalMass.log(a, (x - mean.value()) / sd.value()) - total < target)
        below = middle;
      else
        above = middle;
    }
    return 0.5 * (below + above);
  }

  @Override
  public String text() {
    return "truncated-normal(" + mean + ", " + sd + ", " + low + ", " + high + ")";
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
