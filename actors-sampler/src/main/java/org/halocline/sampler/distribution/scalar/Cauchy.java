package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** p(x) = 1/(π scale (1 + y²)) with y = (x − location)/scale; mapped by y = sinh u. */
public record Cauchy(Scalar location, Scalar scale) implements ScalarDistribution {
  private static final Scalar ONE = Scalar.constant(1);
  /** Beyond so many scales lies as little as beyond three standard deviations of a normal. */
  static final double WIDE = 236;

  public Cauchy {
    ParameterCheck.finite("cauchy", "location", location);
    ParameterCheck.positive("cauchy", "scale", scale);
  }

  public Cauchy(double location, double scale) {
    this(Scalar.constant(location), Scalar.constant(scale));
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
    return Sinh.logOnePlusSquareOf(x.minus(location).dividedBy(scale), ONE).negate().minus(scale.log())
        .minus(StrictMath.log(StrictMath.PI));
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return Sinh.logJacobian(u).negate().minus(StrictMath.log(StrictMath.PI));
  }

  /** Of one uniform number v: y = tan π(v − ½). */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return Sinh.inverse(StrictMath.tan(StrictMath.PI * (numbers.open() - 0.5)));
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
    return "cauchy(" + location + ", " + scale + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{location.value() - WIDE * scale.value(), location.value() + WIDE * scale.value()};
  }

  @Override
  public String advice() {
    return "cauchy has heavy tails: one draw of a hundred lies 30 scales out";
  }
}
