package org.halocline.cosmology.fft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.io.IOException;
import java.io.InputStream;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.halocline.cosmology.fft.vector.VectorLines;
import org.halocline.cosmology.random.Seeds;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same bits from bundles of 4, 8 and 16 lines: what one machine began, a wider one may go on with. */
@Timeout(300)
class VectorWidthTest {
  private static final int LINES = 21;
  private static LineTransforms[] widths;

  /** Loads the transforms anew, so that their vectors are as wide as the property then says. */
  private static final class Fresh extends ClassLoader {
    private static final String PACKAGE = VectorLines.class.getPackageName() + ".";

    Fresh() {
      super(VectorWidthTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE))
        return super.loadClass(name, resolve);
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @BeforeAll
  static void load() throws Exception {
    String property = "halocline.fft.vector-bits";
    widths = new LineTransforms[3];
    for (int i = 0; i < 3; i++) {
      System.setProperty(property, String.valueOf(128 << i));
      try {
        Class<?> fresh = new Fresh().loadClass(VectorLines.class.getName());
        widths[i] = (LineTransforms) fresh.getConstructor(LineTransforms.class).newInstance(new JTransformsLines());
        assertEquals(128 << i, fresh.getMethod("bits").invoke(null));
        assertNotSame(VectorLines.class, fresh);
      } finally {
        System.clearProperty(property);
      }
    }
  }

  static IntStream lengths() {
    return IntStream.of(1, 2, 3, 4, 6, 7, 8, 9, 12, 16, 20, 27, 30, 32, 33, 42, 49, 64, 100, 128, 150, 256, 512);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void shouldMakeTheSameBitsAtAnyWidth(int n) {
    SplittableRandom random = Seeds.random("width " + n, n);
    int half = n / 2 + 1;
    float[] reals = Seeds.floats(random, n * LINES);
    float[] spectra = Seeds.floats(random, 2 * half * LINES);
    float[] complex = Seeds.floats(random, 2 * n * LINES);
    float[] x = new float[n];
    for (int i = 0; i < n; i++)
      x[i] = i * (n - i);
    Green green = new Green(x, new float[]{0, 0.3f, 1.1f}, new float[]{0, 0.7f, 1.9f, 3, 4, 5, 6.5f}, 0.7f);
    float[][] expected = new float[0][];
    for (LineTransforms transforms : widths) {
      float[][] found = new float[5][];
      found[0] = new float[spectra.length];
      transforms.forwardReal(reals, 0, n, found[0], 0, half * LINES, half, n, LINES);
      found[1] = new float[reals.length];
      transforms.inverseReal(spectra, 0, half * LINES, half, found[1], 0, n, n, LINES);
      found[2] = complex.clone();
      transforms.complex(found[2], 0, n * LINES, LINES, n, LINES, false);
      found[3] = complex.clone();
      transforms.complex(found[3], 0, n * LINES, LINES, n, LINES, true);
      found[4] = complex.clone();
      transforms.solve(found[4], 0, n * LINES, LINES, n, LINES, green);
      if (expected.length == 0)
        expected = found;
      for (int i = 0; i < found.length; i++)
        for (int at = 0; at < found[i].length; at++)
          assertEquals(Float.floatToRawIntBits(expected[i][at]), Float.floatToRawIntBits(found[i][at]),
              "operation " + i + " at " + at);
    }
  }
}
