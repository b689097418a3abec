package org.halocline.sampler.distribution.scalar;

import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.tape.Scalar;

/**
 * The distribution of 1/y for y ~ gamma(shape, scale): p(x) = scale^shape x^(−shape − 1) exp(−scale/x)/Γ(shape) for x >
 * 0; mapped by x = scale/shape · exp(u/√shape).
 */
public record InverseGamma(Scalar shape, Scalar scale) implements ScalarDistribution {

  public InverseGamma {
    ParameterCheck.positive("inverse-gamma", "shape", shape);
    ParameterCheck.positive("inverse-gamma", "scale", scale);
  }

  public InverseGamma(double shape, double scale) {
    this(Scalar.constant(shape), Scalar.constant(scale));
  }

  @Override
  public Scalar constrain(Scalar u) {
    return u.times(unit()).exp().times(scale.dividedBy(shape));
  }

  @Override
  public double unconstrain(double x) {
    double log = StrictMath.log(ParameterCheck.above(0, x)) + StrictMath.log(shape.value())
        - StrictMath.log(scale.value());
    return log * Math.sqrt(shape.value());
  }

  @Override
  public Scalar logDensity(Scalar x) {
    return x.value() > 0
        ? shape.times(scale.log()).minus(shape.plus(1).times(x.log())).minus(scale.dividedBy(x))
            .minus(shape.logGamma())
        : ParameterCheck.outside();
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return Gamma.logDensityOfLog(shape, u.times(unit()).negate()).plus(unit().log());
  }

  /** See {@link RandomNumbers#logOfGamma} of how many numbers it takes. */
  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return (StrictMath.log(shape.value()) - numbers.logOfGamma(shape.value())) * Math.sqrt(shape.value());
  }

  @Override
  public Scalar origin() {
    return scale.log().minus(shape.log());
  }

  @Override
  public Scalar unit() {
    return shape.pow(-0.5);
  }

  @Override
  public String text() {
    return "inverse-gamma(" + shape + ", " + scale + ")";
  }

  @Override
  public double[] ends() {
    double[] inverse = new Gamma(shape.value(), scale.value()).ends();
    return new double[]{1 / inverse[1], 1 / inverse[0]};
  }

  @Override
  public String advice() {
    return "inverse-gamma takes shape and scale; its mean is scale/(shape − 1)";
  }
}
