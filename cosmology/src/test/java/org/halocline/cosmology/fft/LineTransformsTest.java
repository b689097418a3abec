package org.halocline.cosmology.fft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.cosmology.fft.vector.VectorLines;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines of every implementation against the sum that defines the transform, in double precision. */
@Timeout(300)
class LineTransformsTest {
  /** Root mean square error over root mean square, of a transform of floats: FFTW's float has about 2e-7. */
  private static final double RMS = 3e-7;
  private static final float UNTOUCHED = 77;

  private record Case(String name, LineTransforms transforms, double rms, int n) {
    @Override
    public String toString() {
      return name + " " + n;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    lengths().forEach(
        n -> cases.add(new Case("vector", new VectorLines(new JTransformsLines()), smooth(n) ? RMS : 3 * RMS, n)));
    lengths().forEach(n -> cases.add(new Case("jtransforms", new JTransformsLines(), 3 * RMS, n)));
    return cases.stream();
  }

  /** All up to 130, those without prime factors above 7 up to 512, some beyond. */
  private static IntStream lengths() {
    return IntStream.concat(IntStream.rangeClosed(1, 512).filter(n -> n <= 130 || smooth(n)),
        IntStream.of(194, 211, 422, 600, 625, 686, 729, 768, 1000, 1024, 2048));
  }

  private static boolean smooth(int n) {
    int rest = n;
    for (int prime : new int[]{2, 3, 5, 7})
      for (; rest % prime == 0; rest /= prime);
    return rest == 1;
  }

  /** Re and im of Σ_m x_m e^{∓2πi jm/n}; sign −1 is forward. */
  private static double[][] transform(double[] re, double[] im, int sign) {
    int n = re.length;
    double[] cos = new double[n];
    double[] sin = new double[n];
    for (int i = 0; i < n; i++) {
      cos[i] = StrictMath.cos(2 * StrictMath.PI * i / n);
      sin[i] = sign * StrictMath.sin(2 * StrictMath.PI * i / n);
    }
    double[][] out = new double[2][n];
    for (int j = 0; j < n; j++) {
      int phase = 0;
      for (int m = 0; m < n; m++) {
        out[0][j] += re[m] * cos[phase] - im[m] * sin[phase];
        out[1][j] += re[m] * sin[phase] + im[m] * cos[phase];
        phase += j;
        phase -= phase >= n ? n : 0;
      }
    }
    return out;
  }

  private static double[] doubles(float[] from, int start, int stride, int count) {
    double[] doubles = new double[count];
    Arrays.setAll(doubles, i -> from[start + i * stride]);
    return doubles;
  }

  private static void assertClose(double[] expected, double[] found, double rms, String what) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      error += (expected[i] - found[i]) * (expected[i] - found[i]);
      norm += expected[i] * expected[i];
    }
    assertTrue(error <= rms * rms * norm + 1e-30,
        what + ": relative error " + Math.sqrt(error / norm) + ", bound " + rms);
  }

  private static double[] joined(double[] a, double[] b) {
    return Stream.of(a, b).flatMapToDouble(Arrays::stream).toArray();
  }

  private static void assertBits(float[] expected, float[] found, String what) {
    for (int i = 0; i < expected.length; i++)
      assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(found[i]), what + " at " + i);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTransformRealLines(Case c) {
    int n = c.n;
    int half = n / 2 + 1;
    SplittableRandom random = Seeds.random("real " + c, n);
    for (int lines : new int[]{1, 8, 19}) {
      int realStride = n + random.nextInt(4);
      int halfStride = half + random.nextInt(4);
      float[] real = Seeds.floats(random, 3 + lines * realStride);
      float[] before = real.clone();
      int im = 2 + lines * halfStride;
      float[] spectra = new float[im + lines * halfStride + 5];
      Arrays.fill(spectra, UNTOUCHED);
      c.transforms.forwardReal(real, 3, realStride, spectra, 2, im, halfStride, n, lines);
      assertArrayEquals(before, real, "the real lines are left as they were");
      for (int line = 0; line < lines; line += 6) {
        double[][] expected = transform(doubles(real, 3 + line * realStride, 1, n), new double[n], -1);
        assertClose(joined(Arrays.copyOf(expected[0], half), Arrays.copyOf(expected[1], half)),
            joined(doubles(spectra, 2 + line * halfStride, 1, half), doubles(spectra, im + line * halfStride, 1, half)),
            c.rms,
            "line " + line);
        assertEquals(0, spectra[im + line * halfStride], "the zero mode is real");
        if (n % 2 == 0)
          assertEquals(0, spectra[im + line * halfStride + half - 1], "the Nyquist mode is real");
      }
      for (int i = 0; i < spectra.length; i++)
        assertTrue(i >= 2 && i < im + lines * halfStride && (i - 2) % halfStride < half || spectra[i] == UNTOUCHED,
            "written between the lines at " + i);

      float[] kept = spectra.clone();
      float[] back = new float[real.length + 2];
      Arrays.fill(back, UNTOUCHED);
      c.transforms.inverseReal(spectra, 2, im, halfStride, back, 3, realStride, n, lines);
      assertArrayEquals(kept, spectra, "the spectra are left as they were");
      for (int line = 0; line < lines; line++) {
        double[] expected = doubles(real, 3 + line * realStride, 1, n);
        for (int i = 0; i < n; i++)
          expected[i] *= n;
        assertClose(expected, doubles(back, 3 + line * realStride, 1, n), 2 * c.rms, "back, line " + line);
      }
      for (int i = 0; i < back.length; i++)
        assertTrue(i >= 3 && i < 3 + lines * realStride && (i - 3) % realStride < n || back[i] == UNTOUCHED,
            "written between the lines at " + i);
    }
  }

  /** The inverse of a half spectrum that is not the transform of anything rounded: any Hermitian line. */
  @ParameterizedTest
  @MethodSource("cases")
  void shouldInvertAnyHermitianLine(Case c) {
    int n = c.n;
    int half = n / 2 + 1;
    float[] spectrum = Seeds.floats(Seeds.random("hermitian " + c, 1000 + n), 2 * half);
    double[] re = new double[n];
    double[] im = new double[n];
    for (int k = 0; k < half; k++) {
      re[k] = spectrum[k];
      re[(n - k) % n] = spectrum[k];
      if (k > 0 && 2 * k != n) {
        im[k] = spectrum[half + k];
        im[n - k] = -spectrum[half + k];
      }
    }
    float[] real = new float[n];
    c.transforms.inverseReal(spectrum, 0, half, half, real, 0, n, n, 1);
    assertClose(transform(re, im, 1)[0], doubles(real, 0, 1, n), c.rms, "line");

    // What imaginary parts the zero and the Nyquist mode hold must not matter.
    spectrum[half] = 3;
    if (n % 2 == 0)
      spectrum[2 * half - 1] = -5;
    float[] again = new float[n];
    c.transforms.inverseReal(spectrum, 0, half, half, again, 0, n, n, 1);
    assertBits(real, again, "imaginary parts of real modes");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldTransformComplexLines(Case c) {
    int n = c.n;
    SplittableRandom random = Seeds.random("complex " + c, 2000 + n);
    for (int lines : new int[]{1, 3, 16, 19}) {
      int stride = lines + random.nextInt(3);
      int re = random.nextInt(5);
      int im = re + n * stride;
      float[] before = Seeds.floats(random, im + n * stride + 3);
      float[] forward = before.clone();
      c.transforms.complex(forward, re, im, stride, n, lines, false);
      float[] inverse = before.clone();
      c.transforms.complex(inverse, re, im, stride, n, lines, true);
      for (int line = 0; line < lines; line += 9) {
        double[] x = doubles(before, re + line, stride, n);
        double[] y = doubles(before, im + line, stride, n);
        double[][] expected = transform(x, y, -1);
        assertClose(joined(expected[0], expected[1]),
            joined(doubles(forward, re + line, stride, n), doubles(forward, im + line, stride, n)), c.rms, "forward");
        expected = transform(x, y, 1);
        assertClose(joined(expected[0], expected[1]),
            joined(doubles(inverse, re + line, stride, n), doubles(inverse, im + line, stride, n)), c.rms, "inverse");
      }
      for (int i = 0; i < before.length; i++)
        assertTrue(i >= re && i < im + n * stride && (i - re) % stride < lines
            || before[i] == forward[i] && before[i] == inverse[i], "written between the lines at " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldSolveAsTransformsAndAProductDo(Case c) {
    int n = c.n;
    SplittableRandom random = Seeds.random("solve " + c, 3000 + n);
    int ny = 3;
    int nz = 7;
    int lines = ny * nz;
    float[] x = new float[n];
    for (int i = 1; i < n; i++)
      x[i] = random.nextFloat(1, 5);
    float[] y = {0, 0.5f, 2};
    float[] z = {0, 1, 2, 3, 4, 5, 6};
    float factor = 0.3f;
    float[] data = Seeds.floats(random, 2 * n * lines);
    float[] expected = data.clone();
    c.transforms.complex(expected, 0, n * lines, lines, n, lines, false);
    for (int e = 0; e < n; e++)
      for (int j = 0; j < ny; j++)
        for (int k = 0; k < nz; k++) {
          float square = y[j] + z[k] + x[e];
          float green = square == 0 ? 0 : -factor / square;
          int at = (e * ny + j) * nz + k;
          expected[at] *= green;
          expected[n * lines + at] *= green;
        }
    c.transforms.complex(expected, 0, n * lines, lines, n, lines, true);
    c.transforms.solve(data, 0, n * lines, lines, n, lines, new Green(x, y, z, factor));
    assertBits(expected, data, "solved");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldGiveALineTheSameBitsWhereverItLies(Case c) {
    int n = c.n;
    int half = n / 2 + 1;
    SplittableRandom random = Seeds.random("position " + c, 4000 + n);
    float[] line = Seeds.floats(random, 2 * n);
    float[] forward = line.clone();
    c.transforms.complex(forward, 0, n, 1, n, 1, false);
    float[] inverse = line.clone();
    c.transforms.complex(inverse, 0, n, 1, n, 1, true);
    float[] spectrum = new float[2 * half];
    c.transforms.forwardReal(line, 0, n, spectrum, 0, half, half, n, 1);
    float[] back = new float[n];
    c.transforms.inverseReal(spectrum, 0, half, half, back, 0, n, n, 1);
    for (int lines : new int[]{5, 16, 37}) {
      int at = random.nextInt(lines);
      float[] many = Seeds.floats(random, 2 * n * lines + 3);
      for (int e = 0; e < 2 * n; e++)
        many[3 + e * lines + at] = line[e];
      float[] other = many.clone();
      c.transforms.complex(many, 3, 3 + n * lines, lines, n, lines, false);
      c.transforms.complex(other, 3, 3 + n * lines, lines, n, lines, true);
      for (int e = 0; e < 2 * n; e++) {
        assertEquals(Float.floatToRawIntBits(forward[e]), Float.floatToRawIntBits(many[3 + e * lines + at]));
        assertEquals(Float.floatToRawIntBits(inverse[e]), Float.floatToRawIntBits(other[3 + e * lines + at]));
      }
      float[] real = Seeds.floats(random, 1 + n * lines);
      System.arraycopy(line, 0, real, 1 + at * n, n);
      float[] spectra = Seeds.floats(random, 2 * half * lines);
      c.transforms.forwardReal(real, 1, n, spectra, 0, half * lines, half, n, lines);
      assertBits(Arrays.copyOf(spectrum, half), Arrays.copyOfRange(spectra, at * half, at * half + half), "re");
      c.transforms.inverseReal(spectra, 0, half * lines, half, real, 1, n, n, lines);
      assertBits(back, Arrays.copyOfRange(real, 1 + at * n, 1 + at * n + n), "back");
    }
  }

  @ParameterizedTest
  @MethodSource("largeCases")
  @Timeout(300)
  void shouldAllocateNothingOnceWarm(Case c) {
    int n = c.n;
    int lines = 36;
    float[] real = Seeds.floats(Seeds.random("allocation " + c, n), n * lines);
    int half = n / 2 + 1;
    float[] data = new float[2 * half * lines];
    Green green = new Green(new float[lines], new float[]{1}, new float[half], 1);
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    // Until the compiler is done, which a busy machine may keep waiting; a cold run boxes every vector.
    long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (allocated > 0 && System.nanoTime() < patience) {
      long before = thread.getCurrentThreadAllocatedBytes();
      c.transforms.forwardReal(real, 0, n, data, 0, half * lines, half, n, lines);
      c.transforms.complex(data, 0, half * lines, half, lines, half, false);
      c.transforms.solve(data, 0, half * lines, half, lines, half, green);
      c.transforms.complex(data, 0, half * lines, half, lines, half, true);
      c.transforms.inverseReal(data, 0, half * lines, half, real, 0, n, n, lines);
      allocated = thread.getCurrentThreadAllocatedBytes() - before;
      for (int i = 0; i < real.length; i++)
        real[i] = i & 255;
    }
    assertEquals(0, allocated, "bytes allocated by the last round");
  }

  static Stream<Case> largeCases() {
    return IntStream.of(64, 120, 210)
        .mapToObj(n -> new Case("vector", new VectorLines(new JTransformsLines()), RMS, n));
  }
}
