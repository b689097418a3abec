package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/** p(x) = 2/(π scale (1 + x²/scale²)) for x ≥ 0; mapped by x = scale·exp(u). */
public record HalfCauchy(Scalar scale) implements ScalarDistribution {
  private static final Scalar ONE = Scalar.constant(1);
  private static final double LOG_PI = StrictMath.log(StrictMath.PI);
  private static final double LOG_HALF_PI = StrictMath.log(StrictMath.PI / 2);

  public HalfCauchy {
    ParameterCheck.positive("half-cauchy", "scale", scale);
  }

  public HalfCauchy(double scale) {
    this(Scalar.constant(scale));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return scale.times(u.exp());
  }

  @Override
  public double unconstrain(double x) {
    return StrictMath.log(ParameterCheck.above(0, x) / scale.value());
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return x.value() >= 0
        ? Sinh.logOnePlusSquareOf(x.dividedBy(scale), ONE).negate().minus(scale.log()).minus(LOG_HALF_PI)
        : ParameterCheck.outside();
  }

  /** 2/π · e^u/(1 + e^2u) = 1/(π cosh u). */
  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return Sinh.logJacobian(u).negate().minus(LOG_PI);
  }

  /** Of one uniform number v: x/scale = tan ½πv. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return StrictMath.log(StrictMath.tan(0.5 * StrictMath.PI * numbers.open()));
  }

  @Override
  public Scalar origin() {
    return scale.log();
  }

  @Override
  public String text() {
    return "half-cauchy(" + scale + ")";
  }

  @Override
  public double[] ends() {
    return new double[]{0, Cauchy.WIDE * scale.value()};
  }

  @Override
  public String advice() {
    return "half-cauchy has a heavy tail: one draw of a hundred lies 60 scales out";
  }
}
