package org.halocline.sampler.distribution.interval;

import org.apache.commons.math3.special.Erf;
import org.halocline.sampler.distribution.scalar.Normal;

/** Tail areas of N(0, 1) on a logarithmic scale, accurate in the far tails. */
final class NormalMass {
  private static final double LOG_TWO = StrictMath.log(2);
  private static final double ROOT_HALF = Math.sqrt(0.5);

  private NormalMass() {}

  /** log ∫ₐᵇ φ; −∞ if b ≤ a. */
  static double log(double a, double b) {
    if (!(a < b))
      return Double.NEGATIVE_INFINITY;
    if (b <= 0)
      return log(-b, -a);
    if (a < 0)
      return StrictMath.log1p(-(StrictMath.exp(logUpper(-a)) + StrictMath.exp(logUpper(b))));
    double larger = logUpper(a);
    double difference = logUpper(b) - larger;
    if (difference > -1e-6)
      return -0.125 * (a + b) * (a + b) - Normal.HALF_LOG_TWO_PI + StrictMath.log(b - a);
    return larger + StrictMath.log(-StrictMath.expm1(difference));
  }

  /** log ∫ₓ^∞ φ for x ≥ 0. */
  static double logUpper(double x) {
    if (x == Double.POSITIVE_INFINITY)
      return Double.NEGATIVE_INFINITY;
    if (x < 5)
      return StrictMath.log(Erf.erfc(x * ROOT_HALF)) - LOG_TWO;
    // Mills' ratio by Laplace's continued fraction, from the inside out.
    double fraction = x;
    for (int n = 60; n >= 1; n--)
      fraction = x + n / fraction;
    return -0.5 * x * x - Normal.HALF_LOG_TWO_PI - StrictMath.log(fraction);
  }
}
