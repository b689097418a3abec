package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/**
 * p(x) = Γ((ν + 1)/2) / (Γ(ν/2) √(νπ) scale) · (1 + y²/ν)^(−(ν + 1)/2) with ν degrees of freedom and y = (x −
 * location)/scale; mapped by y = sinh u.
 */
public record StudentT(Scalar freedom, Scalar location, Scalar scale) implements ScalarDistribution {
  /** From here on the ratio of gamma functions is found by its series. */
  private static final double LARGE = 100;

  public StudentT {
    ParameterCheck.positive("student-t", "number of degrees of freedom", freedom);
    ParameterCheck.finite("student-t", "location", location);
    ParameterCheck.positive("student-t", "scale", scale);
  }

  public StudentT(double freedom, double location, double scale) {
    this(Scalar.constant(freedom), Scalar.constant(location), Scalar.constant(scale));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return location.plus(scale.times(Sinh.of(u)));
  }

  @Override
  public double unconstrain(double x) {
    return Sinh.inverse((x - location.value()) / scale.value());
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return tail(Sinh.logOnePlusSquareOf(x.minus(location).dividedBy(scale), freedom)).minus(scale.log());
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return tail(Sinh.logOnePlusSquare(u, freedom)).plus(Sinh.logJacobian(u));
  }

  /** log p of unit scale, given log(1 + y²/ν). */
  private Scalar tail(Scalar log) {
    return log.times(freedom.plus(1)).times(-0.5).plus(ratio()).minus(freedom.times(StrictMath.PI).log().times(0.5));
  }

  /**
   * log Γ((ν + 1)/2) − log Γ(ν/2); of a large ν by x = ν/2 and ½ log x − 1/8x + 1/192x³ − 1/640x⁵ (Abramowitz and
   * Stegun 6.1.47), where the two nearly cancel.
   */
  private Scalar ratio() {
    Scalar half = freedom.times(0.5);
    if (freedom.value() < LARGE)
      return half.plus(0.5).logGamma().minus(half.logGamma());
    double x = half.value();
    double square = 1 / (x * x);
    return half.function(
        0.5 * StrictMath.log(x) - (1.0 / 8 - square * (1.0 / 192 - square / 640)) / x,
        0.5 / x + (1.0 / 8 - square * (3.0 / 192 - square * 5 / 640)) * square);
  }

  /**
   * A normal number over the root of a gamma one; see {@link RandomNumbers#logOfGamma} of how many numbers it takes.
   */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    double half = 0.5 * freedom.value();
    double normal = numbers.normal();
    double log = numbers.logOfGamma(half);
    return Sinh.inverse(normal * StrictMath.exp(0.5 * (StrictMath.log(half) - log)));
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
    return "student-t(" + freedom + ", " + location + ", " + scale + ")";
  }

  /** As wide as a Cauchy distribution for one degree of freedom, as a normal one for many. */
  @Override
  public double[] ends() {
    double wide = Normal.WIDE * StrictMath.pow(Cauchy.WIDE / Normal.WIDE, 1 / Math.max(1, freedom.value()));
    return new double[]{location.value() - wide * scale.value(), location.value() + wide * scale.value()};
  }

  @Override
  public String advice() {
    return "student-t takes degrees of freedom, location and scale; its standard deviation is larger than its scale";
  }
}
