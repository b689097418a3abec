package org.halocline.cosmology.kernel;

import org.halocline.cosmology.kernel.Field.Floats;

/**
 * Functions of each element of a field, and products of fields. Fields of one call have the same size; a result may
 * take the place of any of them. Every number is worked out in double, by operations that IEEE 754 fixes to the bit,
 * and rounded to float once, so cores and GPUs make the same bits; it is off by one unit in the last place of a float
 * at most. What has no value, such as the logarithm of a negative number, is NaN.
 */
public interface Pointwise {

  /** A function of one element, some of them with a parameter a. GPUs know each by its place in this list. */
  enum Function {
    EXP, LOG,
    /** ln(1 + x), exact for small x too. */
    LOG1P, TANH, SQRT, SQUARE, RECIPROCAL,
    /** 1/(1 + e^−x). */
    SIGMOID,
    /** |x|, whose derivative is 0 at 0. */
    ABS,
    /** x^a; of a negative x where a is a whole number. */
    POWER,
    /** The larger of x and a, as a float; its derivative is 1 from a on. */
    MAX
  }

  /**
   * {@code out ← f(x)}.
   *
   * @param parameter of {@link Function#POWER} and {@link Function#MAX}; the others do not look at it
   */
  void apply(Function f, double parameter, Floats x, Floats out);

  /** {@code out ← cotangent · f′(x)}. */
  void transpose(Function f, double parameter, Floats x, Floats cotangent, Floats out);

  /**
   * Adds Σ cotangent · ∂(x^a)/∂a to a sum; terms of each z line of {@code nz} elements are added in order, in double.
   * That is 0 where x is 0 and the exponent positive, NaN where x is negative.
   */
  void parameterTranspose(double exponent, Floats x, Floats cotangent, int nz, ExactSum sum);

  /** {@code out ← x y}: a mask is such a y. */
  void multiply(Floats x, Floats y, Floats out);

  /** {@code out ← x / y}. */
  void divide(Floats x, Floats y, Floats out);

  /** {@code out ← a x + b}. */
  void affine(double a, Floats x, double b, Floats out);

  /** {@code out ←} the larger of x and y. */
  void max(Floats x, Floats y, Floats out);

  /** {@code outX ← cotangent} where x ≥ y, 0 elsewhere: x's part of the transpose of {@link #max}. */
  void maxTranspose(Floats x, Floats y, Floats cotangent, Floats outX);

  /**
   * Adds factor · Σ x to a sum; terms of each z line of {@code nz} elements are added in order, in double.
   */
  void sum(Floats x, int nz, double factor, ExactSum sum);

  /** Whether no element is infinite or NaN. */
  boolean allFinite(Floats x);

  /** The least element; NaN if any is, +∞ of a field without elements. */
  double least(Floats x);

  /** The sign of x^a of negative numbers x: 1 or −1 where a is a whole number, otherwise 0, for it is none. */
  static double signOfPower(double exponent) {
    if (exponent != Math.rint(exponent) || Math.abs(exponent) == Double.POSITIVE_INFINITY)
      return 0;
    double half = exponent / 2;
    return half == Math.rint(half) ? 1 : -1;
  }
}
