package org.halocline.cosmology.core.pointwise;

/**
 * Exponentials and logarithms of doubles that came from floats, by additions, products, quotients and bits alone, each
 * rounded by itself, without branches: within some units in the last place of a double. {@link VectorElementary} and
 * {@code elementary.cuh} repeat them operation by operation. NaN gives NaN.
 */
final class Elementary {
  /** Adding it rounds a double of magnitude below 2^51 to an integer in its low bits. */
  static final double ROUND = 0x1.8p52;
  static final double PER_LN2 = 0x1.71547652b82fep0;
  /** ln 2 in two parts; products of the first with whole numbers of eleven bits are exact. */
  static final double LN2_HIGH = 0x1.62e42feep-1;
  static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  /** Beyond ±708 an exponential is below the least or above the largest float, by more than any float could make up. */
  static final double FARTHEST = 708;
  static final int MANTISSA = 52;
  static final int BIAS = 1023;
  static final long ONE = 0x3ff0000000000000L;
  /** From √½ to 1, as bits. */
  static final long HALF_ROOT_TO_ONE = ONE - 0x3fe6a09e667f3bcdL;
  /** 2^52 as bits: a whole number below 2^52 in its low bits is added to it. */
  static final long WHOLE = 0x4330000000000000L;
  static final double WHOLE_BIASED = 0x1p52 + BIAS;
  /** Beyond ±20, tanh is ±1. */
  static final double TANH_FARTHEST = 20;

  /** 1/n! from n = 2 to n = 11. */
  static final double E2 = 1.0 / 2;
  static final double E3 = 1.0 / 6;
  static final double E4 = 1.0 / 24;
  static final double E5 = 1.0 / 120;
  static final double E6 = 1.0 / 720;
  static final double E7 = 1.0 / 5040;
  static final double E8 = 1.0 / 40320;
  static final double E9 = 1.0 / 362880;
  static final double E10 = 1.0 / 3628800;
  static final double E11 = 1.0 / 39916800;

  /** 1/(2n + 1) from n = 1 to n = 9: ln((1 + s)/(1 − s)) = 2s (1 + s²/3 + s⁴/5 + …). */
  static final double L1 = 1.0 / 3;
  static final double L2 = 1.0 / 5;
  static final double L3 = 1.0 / 7;
  static final double L4 = 1.0 / 9;
  static final double L5 = 1.0 / 11;
  static final double L6 = 1.0 / 13;
  static final double L7 = 1.0 / 15;
  static final double L8 = 1.0 / 17;
  static final double L9 = 1.0 / 19;

  private Elementary() {}

  private static double clamp(double x) {
    return x > FARTHEST ? FARTHEST : x < -FARTHEST ? -FARTHEST : x;
  }

  /** e^r − 1 for |r| ≤ ½ ln 2. */
  private static double small(double r) {
    double sum = E10 + r * E11;
    sum = E9 + r * sum;
    sum = E8 + r * sum;
    sum = E7 + r * sum;
    sum = E6 + r * sum;
    sum = E5 + r * sum;
    sum = E4 + r * sum;
    sum = E3 + r * sum;
    sum = E2 + r * sum;
    return r + r * r * sum;
  }

  /** 2^k, for k in the low bits of what {@link #ROUND} was added to. */
  private static double power(double rounded) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(rounded) + BIAS << MANTISSA);
  }

  /** e^x; what is beyond ±{@link #FARTHEST} counts as that. */
  static double exp(double x) {
    double clamped = clamp(x);
    double rounded = clamped * PER_LN2 + ROUND;
    double k = rounded - ROUND;
    double scale = power(rounded);
    return scale + scale * small(clamped - k * LN2_HIGH - k * LN2_LOW);
  }

  /** e^x − 1, exact for small x too. */
  static double expm1(double x) {
    double clamped = clamp(x);
    double rounded = clamped * PER_LN2 + ROUND;
    double k = rounded - ROUND;
    double scale = power(rounded);
    return scale * small(clamped - k * LN2_HIGH - k * LN2_LOW) + (scale - 1);
  }

  /** ln x of a normal double; −∞ of zero, NaN of a negative number. */
  static double log(double x) {
    long bits = Double.doubleToRawLongBits(x);
    // x = 2^k m with m from √½ to √2.
    long exponent = bits + HALF_ROOT_TO_ONE >>> MANTISSA;
    double k = Double.longBitsToDouble(exponent | WHOLE) - WHOLE_BIASED;
    double m = Double.longBitsToDouble(bits - (exponent << MANTISSA) + ONE);
    double f = m - 1;
    double s = f / (2 + f);
    double z = s * s;
    double sum = L8 + z * L9;
    sum = L7 + z * sum;
    sum = L6 + z * sum;
    sum = L5 + z * sum;
    sum = L4 + z * sum;
    sum = L3 + z * sum;
    sum = L2 + z * sum;
    sum = L1 + z * sum;
    double twice = 2 * s;
    double value = k * LN2_HIGH + (k * LN2_LOW + (twice + twice * z * sum));
    double atEnd = x == 0 ? Double.NEGATIVE_INFINITY : x > 0 ? x : Double.NaN;
    return x > 0 && x < Double.POSITIVE_INFINITY ? value : atEnd;
  }

  /** ln(1 + x), exact for small x too. */
  static double log1p(double x) {
    double sum = 1 + x;
    double lost = x - (sum - 1);
    double value = log(sum);
    return sum > 0 && sum < Double.POSITIVE_INFINITY ? value + lost / sum : value;
  }

  static double tanh(double x) {
    double size = Math.abs(x);
    double minus = expm1(2 * (size > TANH_FARTHEST ? TANH_FARTHEST : size));
    return Math.copySign(minus / (minus + 2), x);
  }

  /** tanh′ = 1/cosh². */
  static double tanhSlope(double x) {
    double e = exp(-2 * Math.abs(x));
    double sum = 1 + e;
    return 4 * e / (sum * sum);
  }

  /** 1/(1 + e^−x). */
  static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
  }

  static double sigmoidSlope(double x) {
    double e = exp(-Math.abs(x));
    double sum = 1 + e;
    return e / (sum * sum);
  }

  /**
   * x^a for a that is not 0.
   *
   * @param negativeSign {@link org.halocline.cosmology.kernel.Pointwise#signOfPower} of the exponent
   */
  static double power(double x, double exponent, double negativeSign) {
    double value = exp(exponent * log(Math.abs(x)));
    double negative = negativeSign == 0 ? Double.NaN : negativeSign * value;
    return x < 0 ? negative : value;
  }
}
