package org.halocline.sampler.distribution.count;

import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;

/** p(n) = rateⁿ exp(−rate)/n! of counts n = 0, 1, …; only observed. */
public record Poisson(Scalar rate) implements Distribution<Scalar> {

  public Poisson {
    if (rate.value() != 0)
      ParameterCheck.positive("poisson", "rate", rate);
  }

  public Poisson(double rate) {
    this(Scalar.constant(rate));
  }

  @Override
  public Class<Scalar> type() {
    return Scalar.class;
  }

  @Override
  public Scalar misfit(Scalar value, Tape tape) {
    double count = WholeNumber.of(value, Double.POSITIVE_INFINITY);
    return rate.minus(WholeNumber.times(count, rate.log())).plus(WholeNumber.logFactorial(count));
  }

  @Override
  public String remedy() {
    return WholeNumber.REMEDY;
  }
}
