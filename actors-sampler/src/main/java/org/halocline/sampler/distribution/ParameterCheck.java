package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.OutsideSupportException;
import org.halocline.sampler.tape.Scalar;

/**
 * What distributions ask of their parameters. A constant that is impossible is an error of the program; where a
 * sampler's point leads to an impossible number, the program has no density.
 */
public final class ParameterCheck {
  private ParameterCheck() {}

  /**
   * @throws IllegalArgumentException if it is a constant that is not finite
   * @throws OutsideSupportException if it depends on a sampler's point
   */
  public static void finite(String distribution, String what, Scalar value) {
    if (!Double.isFinite(value.value()))
      throw refusal(distribution, "finite " + what, value);
  }

  /**
   * @throws IllegalArgumentException if it is a constant that is not positive and finite
   * @throws OutsideSupportException if it depends on a sampler's point
   */
  public static void positive(String distribution, String what, Scalar value) {
    if (!(value.value() > 0 && value.value() < Double.POSITIVE_INFINITY))
      throw refusal(distribution, "positive " + what, value);
  }

  private static RuntimeException refusal(String distribution, String what, Scalar value) {
    return refusal(value.isConstant(), distribution + " needs a " + what + ", but it is " + value);
  }

  /**
   * What to throw of impossible parameters.
   *
   * @param constant whether none of them depends on a sampler's point
   */
  public static RuntimeException refusal(boolean constant, String message) {
    return constant ? new IllegalArgumentException(message) : new OutsideSupportException(message);
  }

  /** The number, if it lies in (low, ∞). */
  public static double above(double low, double x) {
    if (!(x > low))
      throw new IllegalArgumentException("the value " + x + " lies outside (" + low + ", ∞)");
    return x;
  }

  /** log density zero: the number lies outside the support. */
  public static Scalar outside() {
    return Scalar.constant(Double.NEGATIVE_INFINITY);
  }
}
