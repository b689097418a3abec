package org.halocline.cosmology.core.pointwise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.halocline.cosmology.kernel.Pointwise.Function;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of elements against StrictMath in double, at their ends, and in vectors against one by one. */
@Timeout(300)
class PointwiseLinesTest {
  private static final double[] EXPONENTS = {2.3, -0.7, 3, -2, 1, 0, 0.5, 1e-3, -12.25};
  private static final float[] ENDS = {0f, -0f, 1f, -1f, 0.5f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL,
      Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 88.7228f,
      88.7229f, -103.97f, -103.98f, -87.4f, 9.01f, 20f, 1e-8f, -1e-8f, 1e-20f, -0.99999994f, 1.0000001f,
      0.99999994f};

  private final PointwiseLines scalar = new ScalarPointwiseLines();

  private static double[] parameters(Function f) {
    return switch (f) {
      case POWER -> EXPONENTS;
      case MAX -> new double[]{0.3, -2, 0};
      default -> new double[]{0};
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  private static DoubleUnaryOperator value(Function f, double a) {
    return switch (f) {
      case EXP -> StrictMath::exp;
      case LOG -> StrictMath::log;
      case LOG1P -> StrictMath::log1p;
      case TANH -> StrictMath::tanh;
      case SQRT -> StrictMath::sqrt;
      case SQUARE -> x -> x * x;
      case RECIPROCAL -> x -> 1 / x;
      case SIGMOID -> PointwiseLinesTest::sigmoid;
      case ABS -> Math::abs;
      // Unlike pow's, an uneven power of −∞ is none.
      case POWER -> x -> x < 0 && a != Math.rint(a) ? Double.NaN : StrictMath.pow(x, a);
      case MAX -> x -> Math.max(x, a);
    };
  }

  private static DoubleUnaryOperator slope(Function f, double a) {
    return switch (f) {
      case EXP -> StrictMath::exp;
      case LOG -> x -> 1 / x;
      case LOG1P -> x -> 1 / (1 + x);
      case TANH -> x -> 1 / StrictMath.cosh(x) / StrictMath.cosh(x);
      case SQRT -> x -> 0.5 / StrictMath.sqrt(x);
      case SQUARE -> x -> 2 * x;
      case RECIPROCAL -> x -> -1 / (x * x);
      case SIGMOID -> x -> sigmoid(x) * sigmoid(-x);
      case ABS -> Math::signum;
      case POWER -> x -> a == 0 ? 0 : a * StrictMath.pow(x, a - 1);
      case MAX -> x -> x < a ? 0 : 1;
    };
  }

  /** Where a function has values that differ: its whole range of floats, or that between its flat ends. */
  private static float[] arguments(Function f, SplittableRandom random) {
    float[] x = new float[20_001];
    for (int i = 0; i < x.length; i++)
      x[i] = switch (f) {
        case EXP, TANH, SIGMOID -> i % 2 == 0
            ? (float) random.nextDouble(-110, 95)
            : (float) (random.nextGaussian() * StrictMath.pow(2, random.nextInt(-60, 4)));
        default -> (float) (random.nextGaussian() * StrictMath.pow(2, random.nextInt(-140, 127)));
      };
    for (int i = 0; i < 500; i++)
      x[i] = 1 + (float) (random.nextGaussian() * StrictMath.pow(2, -i / 20));
    System.arraycopy(ENDS, 0, x, 600, ENDS.length);
    return x;
  }

  private static void assertWithinOneUlp(double exact, float found, String what) {
    float expected = (float) exact;
    if (Float.compare(expected, found) == 0 || expected == 0 && found == 0)
      return;
    boolean near = Math.nextUp(expected) == found || Math.nextDown(expected) == found;
    assertTrue(near, () -> what + ": " + found + ", must be " + expected);
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeWithinOneUnitInTheLastPlace(Function f) {
    float[] x = arguments(f, Seeds.random("accuracy of " + f, 80));
    float[] cotangent = new float[x.length];
    Arrays.fill(cotangent, 0.75f);
    for (double a : parameters(f)) {
      float[] values = new float[x.length];
      float[] slopes = new float[x.length];
      scalar.apply(f, a, x, values, 0, x.length);
      scalar.transpose(f, a, x, cotangent, slopes, 0, x.length);
      int wrong = 0;
      for (int i = 0; i < x.length; i++) {
        double exact = value(f, a).applyAsDouble(x[i]);
        assertWithinOneUlp(exact, values[i], f + " " + a + " of " + x[i]);
        wrong += Float.compare((float) exact, values[i]) == 0 ? 0 : 1;
        boolean defined = !Double.isNaN(exact) && x[i] != 0 && Math.abs(x[i]) < Float.POSITIVE_INFINITY;
        if (defined)
          assertWithinOneUlp(0.75 * slope(f, a).applyAsDouble(x[i]), slopes[i], f + "′ " + a + " of " + x[i]);
      }
      int most = f == Function.POWER && a != 1 ? 100 : 40;
      assertTrue(wrong < most, wrong + " of " + x.length + " values of " + f + " " + a + " are not the nearest");
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeTheSameInVectors(Function f) {
    SplittableRandom random = Seeds.random("vectors of " + f, 81);
    PointwiseLines vector = new VectorPointwiseLines();
    for (int count : new int[]{0, 1, 7, 64, 30_011}) {
      // Any bits: denormal numbers, infinities and NaN too.
      float[] x = new float[count + 9];
      for (int i = 0; i < x.length; i++)
        x[i] = i % 3 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) (20 * random.nextGaussian());
      System.arraycopy(ENDS, 0, x, 0, Math.min(x.length, ENDS.length));
      float[] cotangent = Seeds.floats(random, x.length);
      for (double a : parameters(f)) {
        float[][] found = new float[4][];
        PointwiseLines[] both = {scalar, vector};
        for (int i = 0; i < 2; i++) {
          float[] value = x.clone();
          float[] slope = cotangent.clone();
          both[i].apply(f, a, value, value, 5, 5 + count);
          both[i].transpose(f, a, x, slope, slope, 5, 5 + count);
          found[i] = value;
          found[2 + i] = slope;
        }
        for (int i = 0; i < x.length; i++) {
          String what = f + " " + a + " of " + x[i];
          assertEquals(Float.floatToIntBits(found[0][i]), Float.floatToIntBits(found[1][i]), what);
          assertEquals(Float.floatToIntBits(found[2][i]), Float.floatToIntBits(found[3][i]), what);
        }
      }
    }
  }

  @Test
  void shouldDifferentiateByExponentsInVectorsAsOneByOne() {
    SplittableRandom random = Seeds.random("exponents", 83);
    for (int count : new int[]{0, 3, 16, 3001})
      for (double exponent : EXPONENTS) {
        float[] x = new float[count + 40];
        for (int i = 0; i < x.length; i++)
          x[i] = i % 3 == 0 ? ENDS[random.nextInt(ENDS.length)] : (float) random.nextGaussian();
        float[] bar = Seeds.floats(random, x.length);
        double[][] terms = new double[2][count + 1];
        scalar.byExponent(exponent, x, bar, 5, terms[0], count);
        new VectorPointwiseLines().byExponent(exponent, x, bar, 5, terms[1], count);
        for (int k = 0; k <= count; k++)
          assertEquals(Double.doubleToLongBits(terms[0][k]), Double.doubleToLongBits(terms[1][k]),
              exponent + " of " + x[5 + k]);
      }
  }

  @Test
  void shouldTakeMaximaInVectorsAsOneByOne() {
    SplittableRandom random = Seeds.random("maxima", 82);
    for (int count : new int[]{0, 3, 16, 1001}) {
      float[] x = new float[count + 40];
      float[] y = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = ENDS[random.nextInt(ENDS.length)];
        y[i] = ENDS[random.nextInt(ENDS.length)];
      }
      float[] bar = Seeds.floats(random, x.length);
      float[][] found = new float[4][];
      PointwiseLines[] both = {scalar, new VectorPointwiseLines()};
      for (int i = 0; i < 2; i++) {
        found[i] = x.clone();
        found[2 + i] = bar.clone();
        both[i].max(found[i], y, found[i], 5, 5 + count);
        both[i].maxTranspose(x, y, found[2 + i], found[2 + i], 5, 5 + count);
      }
      for (int i = 0; i < x.length; i++) {
        assertEquals(Float.floatToIntBits(found[0][i]), Float.floatToIntBits(found[1][i]), x[i] + ", " + y[i]);
        assertEquals(found[2][i], found[3][i], x[i] + ", " + y[i]);
      }
    }
  }

  @Test
  void shouldBeExactNearTheEndsOfItsRange() {
    assertEquals(0, Elementary.log(1));
    assertEquals(Double.NEGATIVE_INFINITY, Elementary.log(0));
    assertEquals(Double.NaN, Elementary.log(-1));
    assertEquals(Double.POSITIVE_INFINITY, Elementary.log(Double.POSITIVE_INFINITY));
    assertEquals(1, Elementary.exp(0));
    assertEquals(1e-30, Elementary.expm1(1e-30));
    assertEquals(1e-30, Elementary.log1p(1e-30));
    assertEquals(1e-30, Elementary.tanh(1e-30), 1e-45);
    assertEquals(-1, Elementary.tanh(Double.NEGATIVE_INFINITY));
    assertEquals(Double.NEGATIVE_INFINITY, Elementary.log1p(-1));
    assertEquals(0, ScalarPointwiseLines.byExponent(0.5, 0));
    assertEquals(4 * StrictMath.log(2), ScalarPointwiseLines.byExponent(2, 2), 1e-15);
    assertTrue(Double.isNaN(ScalarPointwiseLines.byExponent(2, -2)));
    for (double x = -700; x < 700; x += 0.37) {
      assertEquals(1, Elementary.exp(x) / StrictMath.exp(x), 1e-14, "e^" + x);
      assertEquals(1, Elementary.log(StrictMath.exp(x)) / x, 3e-15, "ln e^" + x);
    }
  }
}
