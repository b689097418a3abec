package org.halocline.sampler.distribution.interval;

import org.halocline.sampler.tape.Scalar;

/** The logit map between the real line and an open interval. */
final class Bounds {
  private Bounds() {}

  static void check(String name, double low, double high) {
    if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high) || !Double.isFinite(high - low))
      throw new IllegalArgumentException(
          name + " needs finite bounds in order, but they are " + low + " and " + high);
  }

  /** low + (high − low) σ(u), never on a bound: rounding stays inside. */
  static Scalar constrain(Scalar u, double low, double high) {
    double width = high - low;
    double s = Scalar.sigmoid(u.value());
    double x = u.value() < 0 ? low + width * s : high - width * Scalar.sigmoid(-u.value());
    double inside = Math.min(Math.max(x, Math.nextUp(low)), Math.nextDown(high));
    return u.function(inside, Scalar.constant(0), width * s * Scalar.sigmoid(-u.value()), 0);
  }

  static double unconstrain(double x, double low, double high) {
    if (!(x > low && x < high))
      throw new IllegalArgumentException("the value " + x + " lies outside (" + low + ", " + high + ")");
    return StrictMath.log(x - low) - StrictMath.log(high - x);
  }

  /** log |dx/du|. */
  static Scalar logJacobian(Scalar u, double low, double high) {
    return u.logSigmoid().plus(u.negate().logSigmoid()).plus(StrictMath.log(high - low));
  }
}
