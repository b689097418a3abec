package org.halocline.sampler.support;

import java.util.List;
import java.util.Optional;
import org.halocline.sampler.distribution.RandomNumbers;
import org.halocline.sampler.distribution.ScalarDistribution;
import org.halocline.sampler.prior.PriorForm;
import org.halocline.sampler.tape.Scalar;

/** A prior that main code does not know: p(x) = rate exp(−rate x), mapped by x = exp(u). */
public record WaitingTime(double rate) implements ScalarDistribution {

  /** How job files write it; found by ServiceLoader. */
  public static final class Form implements PriorForm {
    @Override
    public String name() {
      return "waiting-time";
    }

    @Override
    public List<String> numbers() {
      return List.of("rate");
    }

    @Override
    public ScalarDistribution of(double[] numbers) {
      return new WaitingTime(numbers[0]);
    }
  }

  public WaitingTime {
    if (!(rate > 0))
      throw new IllegalArgumentException("waiting-time needs a positive rate, but it is " + rate);
  }

  @Override
  public Scalar constrain(Scalar u) {
    return u.exp();
  }

  @Override
  public double unconstrain(double x) {
    return StrictMath.log(x);
  }

  @Override
  public Scalar logDensity(Scalar x) {
    if (!(x.value() >= 0))
      return Scalar.constant(Double.NEGATIVE_INFINITY);
    return x.times(-rate).plus(StrictMath.log(rate));
  }

  @Override
  public Scalar logDensityUnconstrained(Scalar u) {
    return logDensity(u.exp()).plus(u);
  }

  @Override
  public double drawUnconstrained(RandomNumbers numbers) {
    return StrictMath.log(-StrictMath.log(numbers.open()) / rate);
  }

  @Override
  public String text() {
    return "waiting-time(" + rate + ")";
  }

  @Override
  public Optional<double[]> bounds() {
    return Optional.empty();
  }

  @Override
  public double[] ends() {
    return new double[]{0, 7 / rate};
  }
}
