package org.halocline.cosmology.fft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.halocline.cosmology.mesh.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines against the sum that defines the transform, in double precision. */
@Timeout(20)
class JTransformsLinesTest {
  /** Of the root mean square of a line's transform, for any length. */
  private static final double TOLERANCE = 2e-6;

  private final LineTransforms transforms = new JTransformsLines();

  static IntStream lengths() {
    return IntStream.concat(IntStream.rangeClosed(1, 64),
        IntStream.of(96, 97, 100, 128, 194, 210, 211, 243, 256, 422, 512));
  }

  private static float[] floats(SplittableRandom random, int count) {
    return Seeds.floats(random, count);
  }

  /** Σ_m x_m e^{∓2πi jm/n} of pairs; sign −1 is forward. */
  private static double[] transform(float[] pairs, int start, int n, int stride, int sign) {
    double[] cos = new double[n];
    double[] sin = new double[n];
    for (int i = 0; i < n; i++) {
      cos[i] = StrictMath.cos(2 * StrictMath.PI * i / n);
      sin[i] = sign * StrictMath.sin(2 * StrictMath.PI * i / n);
    }
    double[] out = new double[2 * n];
    for (int j = 0; j < n; j++) {
      for (int m = 0; m < n; m++) {
        int phase = (int) ((long) j * m % n);
        double re = pairs[2 * (start + m * stride)];
        double im = pairs[2 * (start + m * stride) + 1];
        out[2 * j] += re * cos[phase] - im * sin[phase];
        out[2 * j + 1] += re * sin[phase] + im * cos[phase];
      }
    }
    return out;
  }

  private static void assertClose(double expected, float found, int n, String what) {
    assertEquals(expected, found, TOLERANCE * Math.sqrt(n) * (1 + Math.sqrt(Math.log(n + 1.0))),
        what + " of n = " + n);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void shouldTransformRealLines(int n) {
    SplittableRandom random = Seeds.random("real " + n, n);
    int pairs = n / 2 + 1;
    float[] real = floats(random, n + 5);
    float[] before = real.clone();
    float[] complex = new float[2 * pairs + 8];
    java.util.Arrays.fill(complex, 77);
    transforms.forwardReal(real, 3, complex, 4, n);
    assertArrayEquals(before, real, "the real line is left as it was");
    float[] asPairs = new float[2 * n];
    for (int i = 0; i < n; i++)
      asPairs[2 * i] = real[3 + i];
    double[] expected = transform(asPairs, 0, n, 1, -1);
    for (int i = 0; i < 2 * pairs; i++)
      assertClose(expected[i], complex[4 + i], n, "element " + i);
    assertEquals(0, complex[5], "the zero mode is real");
    if (n % 2 == 0)
      assertEquals(0, complex[4 + n + 1], "the Nyquist mode is real");
    for (int i = 0; i < 4; i++) {
      assertEquals(77, complex[i], "written before the line");
      assertEquals(77, complex[4 + 2 * pairs + i], "written behind the line");
    }

    float[] kept = complex.clone();
    float[] back = new float[n + 4];
    java.util.Arrays.fill(back, 55);
    transforms.inverseReal(complex, 4, back, 2, n);
    assertArrayEquals(kept, complex, "the complex line is left as it was");
    for (int i = 0; i < n; i++)
      assertEquals(n * (double) real[3 + i], back[2 + i], 2 * n * TOLERANCE,
          "n times the line, n = " + n + " at " + i);
    assertEquals(55, back[1]);
    assertEquals(55, back[2 + n]);
  }

  /** The inverse of a half spectrum that is not the transform of anything rounded: any Hermitian line. */
  @ParameterizedTest
  @MethodSource("lengths")
  void shouldInvertAnyHermitianLine(int n) {
    SplittableRandom random = Seeds.random("hermitian " + n, 1000 + n);
    int pairs = n / 2 + 1;
    float[] half = floats(random, 2 * pairs);
    half[1] = 0;
    if (n % 2 == 0)
      half[n + 1] = 0;
    float[] whole = new float[2 * n];
    for (int i = 0; i < pairs; i++) {
      whole[2 * i] = half[2 * i];
      whole[2 * i + 1] = half[2 * i + 1];
      if (i > 0 && 2 * i != n) {
        whole[2 * (n - i)] = half[2 * i];
        whole[2 * (n - i) + 1] = -half[2 * i + 1];
      }
    }
    double[] expected = transform(whole, 0, n, 1, 1);
    float[] real = new float[n];
    transforms.inverseReal(half, 0, real, 0, n);
    for (int i = 0; i < n; i++)
      assertClose(expected[2 * i], real[i], n, "element " + i);
  }

  /** What imaginary parts the zero and Nyquist modes hold must not matter: a swap of pencils may leave rounding there. */
  @ParameterizedTest
  @MethodSource("lengths")
  void shouldIgnoreImaginaryPartsOfRealModes(int n) {
    float[] half = floats(Seeds.random("real modes " + n, 2000 + n), 2 * (n / 2 + 1));
    float[] expected = new float[n];
    half[1] = 0;
    if (n % 2 == 0)
      half[n + 1] = 0;
    transforms.inverseReal(half, 0, expected, 0, n);
    half[1] = 3;
    if (n % 2 == 0)
      half[n + 1] = -5;
    float[] found = new float[n];
    transforms.inverseReal(half, 0, found, 0, n);
    assertArrayEquals(expected, found);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void shouldTransformComplexLinesAtAnyStride(int n) {
    SplittableRandom random = Seeds.random("complex " + n, 3000 + n);
    for (boolean inverse : new boolean[]{false, true}) {
      for (int lines : new int[]{1, 3, 16, 19}) {
        boolean adjacent = random.nextBoolean();
        int elementStride = adjacent ? 1 : lines + 2;
        int lineStride = adjacent ? n + 1 : 1;
        int start = random.nextInt(5);
        float[] data = floats(random, 2 * (start + n * elementStride + lines * lineStride + 3));
        float[] before = data.clone();
        transforms.complex(data, start, n, elementStride, lines, lineStride, inverse);
        boolean[] touched = new boolean[data.length];
        for (int line = 0; line < lines; line++) {
          int first = start + line * lineStride;
          double[] expected = line % 7 == 0
              ? transform(before, first, n, elementStride, inverse ? 1 : -1)
              : new double[0];
          float[] alone = new float[2 * n];
          for (int e = 0; e < n; e++) {
            int at = 2 * (first + e * elementStride);
            touched[at] = true;
            touched[at + 1] = true;
            alone[2 * e] = before[at];
            alone[2 * e + 1] = before[at + 1];
            if (expected.length > 0) {
              assertClose(expected[2 * e], data[at], n, "re " + e);
              assertClose(expected[2 * e + 1], data[at + 1], n, "im " + e);
            }
          }
          new JTransformsLines().complex(alone, 0, n, 1, 1, 1, inverse);
          for (int e = 0; e < n; e++) {
            int at = 2 * (first + e * elementStride);
            assertEquals(Float.floatToRawIntBits(alone[2 * e]), Float.floatToRawIntBits(data[at]), "bits of re " + e);
            assertEquals(Float.floatToRawIntBits(alone[2 * e + 1]), Float.floatToRawIntBits(data[at + 1]),
                "bits of im " + e);
          }
        }
        for (int i = 0; i < data.length; i++)
          assertTrue(touched[i] || data[i] == before[i], "written between the lines at " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void shouldGiveALineTheSameBitsWhereverItLies(int n) {
    SplittableRandom random = Seeds.random("position " + n, 4000 + n);
    int pairs = n / 2 + 1;
    float[] line = floats(random, n);
    float[] expected = new float[2 * pairs];
    transforms.forwardReal(line, 0, expected, 0, n);
    float[] back = new float[n];
    transforms.inverseReal(expected, 0, back, 0, n);
    for (int offset : new int[]{1, 2, 3, 7, 16}) {
      float[] shifted = floats(random, n + 2 * offset);
      System.arraycopy(line, 0, shifted, offset, n);
      float[] complex = floats(random, 2 * pairs + 2 * offset);
      transforms.forwardReal(shifted, offset, complex, offset, n);
      for (int i = 0; i < 2 * pairs; i++)
        assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(complex[offset + i]));
      transforms.inverseReal(complex, offset, shifted, offset, n);
      for (int i = 0; i < n; i++)
        assertEquals(Float.floatToRawIntBits(back[i]), Float.floatToRawIntBits(shifted[offset + i]));
    }
  }
}
