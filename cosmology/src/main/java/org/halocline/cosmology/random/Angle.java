package org.halocline.cosmology.random;

/**
 * Cosine and sine together, to the last bit those of {@link StrictMath}, whose fdlibm makes two arrays a call: 66 MB of
 * garbage for the noise of 128³ cells. The angle is reduced to [−π/4, π/4] as two doubles, y0 + y1, by π/2 in parts of
 * 33 bits (Cody and Waite), once for both; the kernels are fdlibm's minimax polynomials.
 */
final class Angle {
  private static final double TWO_OVER_PI = 6.36619772367581382433e-01;
  /** π/2 as a sum: 33 bits, and the rest. */
  private static final double FIRST = 1.57079632673412561417e+00;
  private static final double AFTER_FIRST = 6.07710050650619224932e-11;
  /** The rest, once and twice more. */
  private static final double SECOND = 6.07710050630396597660e-11;
  private static final double AFTER_SECOND = 2.02226624879595063154e-21;
  private static final double THIRD = 2.02226624871116645580e-21;
  private static final double AFTER_THIRD = 8.47842766036889956997e-32;

  /** High words: of π/4, of 3π/4, and of the angles that the polynomials change their form at. */
  private static final int QUARTER = 0x3fe921fb;
  private static final int THREE_QUARTERS = 0x4002d97c;
  private static final int TINY = 0x3e400000;
  private static final int SMALL = 0x3fd33333;
  private static final int LARGE = 0x3fe90000;
  /** High words of π/2, π, 3π/2, 2π. */
  private static final int[] MULTIPLES = {0x3ff921fb, 0x400921fb, 0x4012d97c, 0x401921fb};
  /** So many bits may cancel before the second and the third part of π/2 are needed. */
  private static final int LOST_BITS = 16;
  private static final int MOST_LOST_BITS = 49;

  private Angle() {}

  /**
   * @param angle in [0, 2π], rad
   * @param into receives its cosine and its sine
   */
  static void cosineAndSine(double angle, double[] into) {
    int high = high(angle);
    if (high <= QUARTER) {
      into[0] = cosine(angle, 0);
      into[1] = sineOfSmall(angle);
      return;
    }
    int turns = high < THREE_QUARTERS ? 1 : (int) (angle * TWO_OVER_PI + 0.5);
    double rest = angle - turns * FIRST;
    double part = turns * AFTER_FIRST;
    double y0 = rest - part;
    boolean near = high == MULTIPLES[turns - 1];
    if (near && (high < THREE_QUARTERS || exponent(high) - exponent(high(y0)) > LOST_BITS)) {
      double before = rest;
      part = turns * SECOND;
      rest = before - part;
      part = turns * AFTER_SECOND - (before - rest - part);
      y0 = rest - part;
      if (high >= THREE_QUARTERS && exponent(high) - exponent(high(y0)) > MOST_LOST_BITS) {
        before = rest;
        part = turns * THIRD;
        rest = before - part;
        part = turns * AFTER_THIRD - (before - rest - part);
        y0 = rest - part;
      }
    }
    double y1 = rest - y0 - part;
    double cosine = cosine(y0, y1);
    double sine = sine(y0, y1);
    switch (turns & 3) {
      case 0 -> set(into, cosine, sine);
      case 1 -> set(into, -sine, cosine);
      case 2 -> set(into, -cosine, -sine);
      default -> set(into, sine, -cosine);
    }
  }

  private static void set(double[] into, double cosine, double sine) {
    into[0] = cosine;
    into[1] = sine;
  }

  private static int high(double value) {
    return (int) (Double.doubleToRawLongBits(value) >>> 32) & 0x7fffffff;
  }

  private static int exponent(int high) {
    return high >> 20;
  }

  private static double sineOfSmall(double x) {
    if (high(x) < TINY)
      return x;
    double z = x * x;
    return x + z * x * (-1.66666666666666324348e-01 + z * sineSeries(z));
  }

  private static double sine(double x, double y) {
    if (high(x) < TINY)
      return x;
    double z = x * x;
    double v = z * x;
    return x - (z * (0.5 * y - v * sineSeries(z)) - y - v * -1.66666666666666324348e-01);
  }

  private static double sineSeries(double z) {
    return 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04
        + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  }

  private static double cosine(double x, double y) {
    int high = high(x);
    if (high < TINY)
      return 1;
    double z = x * x;
    double r = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
        + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
    if (high < SMALL)
      return 1 - (0.5 * z - (z * r - x * y));
    double quarter = high > LARGE ? 0.28125 : Double.longBitsToDouble((long) (high - 0x00200000) << 32);
    double half = 0.5 * z - quarter;
    return 1 - quarter - (half - (z * r - x * y));
  }
}
