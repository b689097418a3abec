package org.halocline.sampler.distribution.count;

import org.halocline.sampler.distribution.Distribution;
import org.halocline.sampler.distribution.ParameterCheck;
import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;

/**
 * p(k) = n!/(k! (n − k)!) pᵏ (1 − p)ⁿ⁻ᵏ of k successes; only observed.
 *
 * @param trials n
 * @param logSuccess log p
 * @param logFailure log(1 − p)
 */
public record Binomial(int trials, Scalar logSuccess, Scalar logFailure) implements Distribution<Scalar> {

  public Binomial {
    if (trials < 0)
      throw new IllegalArgumentException("binomial needs a number of trials from 0 on, but it is " + trials);
  }

  /** @param probability in [0, 1] */
  public static Binomial of(int trials, Scalar probability) {
    double p = probability.value();
    if (!(p >= 0 && p <= 1))
      throw ParameterCheck.refusal(probability.isConstant(),
          "binomial needs a probability between 0 and 1, but it is " + p);
    return new Binomial(trials, probability.log(), probability.negate().log1p());
  }

  /** @param logOdds log(p/(1 − p)), which keeps a p near 1 apart from 1 */
  public static Binomial ofLogOdds(int trials, Scalar logOdds) {
    ParameterCheck.finite("binomial", "log odds", logOdds);
    return new Binomial(trials, logOdds.logSigmoid(), logOdds.negate().logSigmoid());
  }

  @Override
  public Class<Scalar> type() {
    return Scalar.class;
  }

  @Override
  public Scalar misfit(Scalar value, Tape tape) {
    double count = WholeNumber.of(value, trials);
    double ways = WholeNumber.logFactorial(trials) - WholeNumber.logFactorial(count)
        - WholeNumber.logFactorial(trials - count);
    return WholeNumber.times(count, logSuccess).plus(WholeNumber.times(trials - count, logFailure)).plus(ways)
        .negate();
  }

  @Override
  public String remedy() {
    return WholeNumber.REMEDY;
  }
}
