package org.halocline.sampler.distribution.count;

import org.apache.commons.math3.special.Gamma;
import org.halocline.sampler.tape.Scalar;

/** What counts have in common. */
final class WholeNumber {
  /** What to do about a site of counts that has no value. */
  static final String REMEDY = "give it data, or sum the density over its values and hand the sum's logarithm to "
      + "factor: samplers move real numbers, not counts";

  private WholeNumber() {}

  /** @throws IllegalArgumentException if the value is no whole number between 0 and most */
  static double of(Scalar value, double most) {
    double count = value.value();
    if (!(count >= 0 && count <= most) || count != StrictMath.rint(count))
      throw new IllegalArgumentException("the count " + count + " is no whole number "
          + (most == Double.POSITIVE_INFINITY ? "from 0 on" : "from 0 to " + (long) most));
    return count;
  }

  /** count · log, which is 0 of no counts. */
  static Scalar times(double count, Scalar log) {
    return count == 0 ? Scalar.constant(0) : log.times(count);
  }

  static double logFactorial(double count) {
    return Gamma.logGamma(count + 1);
  }
}
