package org.halocline.cosmology.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.cosmology.kernel.Memory;
import org.halocline.cosmology.kernel.Pointwise;
import org.halocline.cosmology.kernel.Pointwise.Function;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Functions and products of fields: cotangents against differences, sums against plain ones, and what is not a number.
 */
@Timeout(300)
class CorePointwiseTest {
  private static final int NZ = 37;
  private static final int COUNT = 300 * NZ;

  private final Kernels kernels = CoreKernels.of();
  private final Pointwise pointwise = kernels.pointwise();

  private Floats field(float... values) {
    Floats field = kernels.memory().floats(values.length);
    kernels.memory().write(values, 0, field, 0, values.length);
    return field;
  }

  private float[] read(Floats field) {
    float[] values = new float[field.size()];
    kernels.memory().read(field, 0, values, 0, values.length);
    return values;
  }

  private static float[] positive(SplittableRandom random) {
    float[] values = new float[COUNT];
    for (int i = 0; i < COUNT; i++)
      values[i] = (float) random.nextDouble(0.2, 3);
    return values;
  }

  private double dot(Floats a, float[] b) {
    float[] as = read(a);
    double sum = 0;
    for (int i = 0; i < b.length; i++)
      sum += (double) as[i] * b[i];
    return sum;
  }

  /** ⟨f(x + εu) − f(x − εu), ȳ⟩/2ε = ⟨u, ȳ f′(x)⟩. */
  @Test
  void shouldTransposeEveryFunction() {
    SplittableRandom random = Seeds.random("cotangents", 90);
    float[] x = positive(random);
    float[] u = Seeds.floats(random, COUNT);
    float[] bar = Seeds.floats(random, COUNT);
    double step = 0x1p-8;
    for (Function f : Function.values()) {
      double a = f == Function.MAX ? 0.1 : -1.7;
      double[] ends = new double[2];
      for (int side = 0; side < 2; side++) {
        float[] moved = new float[COUNT];
        for (int i = 0; i < COUNT; i++)
          moved[i] = (float) (x[i] + (side == 0 ? step : -step) * Math.clamp(u[i], -3, 3));
        Floats field = field(moved);
        pointwise.apply(f, a, field, field);
        ends[side] = dot(field, bar);
      }
      float[] bounded = u.clone();
      for (int i = 0; i < COUNT; i++)
        bounded[i] = Math.clamp(u[i], -3, 3);
      Floats cotangent = field(bar);
      pointwise.transpose(f, a, field(x), cotangent, cotangent);
      double size = 0;
      float[] slopes = read(cotangent);
      for (int i = 0; i < COUNT; i++)
        size += Math.pow(slopes[i] * bounded[i], 2);
      assertEquals((ends[0] - ends[1]) / (2 * step), dot(cotangent, bounded), 2e-3 * Math.sqrt(size), f.name());
    }
  }

  @Test
  void shouldDifferentiatePowersByTheirExponent() {
    SplittableRandom random = Seeds.random("exponents", 91);
    float[] x = positive(random);
    x[3] = 0;
    float[] bar = Seeds.floats(random, COUNT);
    for (double a : new double[]{1.3, 0.4}) {
      ExactSum sum = new ExactSum();
      pointwise.parameterTranspose(a, field(x), field(bar), NZ, sum);
      double step = 1e-5;
      double expected = 0;
      for (int i = 0; i < COUNT; i++)
        expected += bar[i] * (Math.pow(x[i], a + step) - Math.pow(x[i], a - step)) / (2 * step);
      assertEquals(expected, sum.value(), 1e-7 * Math.sqrt(COUNT));
    }
    x[7] = -1;
    ExactSum sum = new ExactSum();
    pointwise.parameterTranspose(2, field(x), field(bar), NZ, sum);
    assertTrue(Double.isNaN(sum.value()));
  }

  @Test
  void shouldMultiplyDivideAddAndCompare() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {1, -2, 3, 0, nan, 5, inf, 4};
    float[] y = {4, 3, -1, 0, 1, nan, 2, 4};
    Floats out = kernels.memory().floats(8);
    pointwise.multiply(field(x), field(y), out);
    assertArrayEquals(new float[]{4, -6, -3, 0, nan, nan, inf, 16}, read(out));
    pointwise.divide(field(x), field(y), out);
    assertArrayEquals(new float[]{0.25f, -2f / 3, -3, nan, nan, nan, inf, 1}, read(out));
    pointwise.affine(0.1, field(x), -0.7, out);
    assertArrayEquals(new float[]{(float) (0.1 - 0.7), (float) (-0.2 - 0.7), (float) (0.1 * 3 - 0.7), -0.7f, nan,
        (float) (0.5 - 0.7), inf, (float) (0.4 - 0.7)}, read(out));
    pointwise.max(field(x), field(y), out);
    assertArrayEquals(new float[]{4, 3, 3, 0, nan, nan, inf, 4}, read(out));
    pointwise.maxTranspose(field(x), field(y), field(1, 2, 3, 4, 5, 6, 7, 8), out);
    assertArrayEquals(new float[]{0, 0, 3, 4, 0, 0, 7, 8}, read(out));
  }

  @Test
  void shouldSumAndLookForWhatIsNotFinite() {
    SplittableRandom random = Seeds.random("sums", 92);
    float[] x = Seeds.floats(random, COUNT);
    double expected = 0;
    for (float value : x)
      expected += value;
    ExactSum sum = new ExactSum();
    pointwise.sum(field(x), NZ, 0.3, sum);
    assertEquals(0.3 * expected, sum.value(), 1e-11);
    assertTrue(pointwise.allFinite(field(x)));
    x[COUNT - 1] = -77;
    assertEquals(-77, pointwise.least(field(x)));
    assertEquals(Double.POSITIVE_INFINITY, pointwise.least(field()));
    assertTrue(pointwise.allFinite(field()));
    for (float odd : new float[]{Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
      for (int at : new int[]{0, 4095, 4096, COUNT - 1}) {
        float[] bad = x.clone();
        bad[at] = odd;
        assertFalse(pointwise.allFinite(field(bad)), odd + " at " + at);
        assertEquals(odd == Float.NEGATIVE_INFINITY
            ? odd
            : Float.isNaN(odd)
                ? Double.NaN
                : at == COUNT - 1
                    ? least(bad)
                    : -77,
            pointwise.least(field(bad)));
      }
  }

  private static double least(float[] values) {
    double least = Double.POSITIVE_INFINITY;
    for (float value : values)
      least = Math.min(least, value);
    return least;
  }
}
