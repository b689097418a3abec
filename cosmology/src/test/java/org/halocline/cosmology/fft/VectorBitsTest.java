package org.halocline.cosmology.fft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.halocline.cosmology.fft.vector.VectorLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The bits of the arithmetic {@code core/vector-fft-1}, of all lengths up to 256: a run that began with them may go on
 * with them.
 */
@Timeout(300)
class VectorBitsTest {
  private static final int LINES = 19;

  private static float[] uniforms(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++)
      values[i] = random.nextInt(1 << 24) * 0x1p-23f - 1;
    values[count / 2] = -0f;
    return values;
  }

  private static boolean isSmooth(int n) {
    for (int prime : new int[]{2, 3, 5, 7})
      while (n % prime == 0)
        n /= prime;
    return n == 1;
  }

  private static void add(MessageDigest digest, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (float value : values)
      bytes.putInt(Float.floatToRawIntBits(value));
    digest.update(bytes.flip());
  }

  @Test
  void shouldKeepTheBitsOfEveryTransform() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    LineTransforms transforms = new VectorLines(new JTransformsLines());
    for (int n : IntStream.rangeClosed(1, 256).filter(VectorBitsTest::isSmooth).toArray()) {
      SplittableRandom random = new SplittableRandom(n);
      int half = n / 2 + 1;
      float[] reals = uniforms(random, n * LINES);
      float[] spectra = uniforms(random, 2 * half * LINES);
      float[] complex = uniforms(random, 2 * n * LINES);
      float[] x = new float[n];
      for (int i = 0; i < n; i++)
        x[i] = i * (n - i);
      float[] out = new float[spectra.length];
      transforms.forwardReal(reals, 0, n, out, 0, half * LINES, half, n, LINES);
      add(digest, out);
      transforms.inverseReal(spectra, 0, half * LINES, half, out = new float[reals.length], 0, n, n, LINES);
      add(digest, out);
      transforms.complex(out = complex.clone(), 0, n * LINES, LINES, n, LINES, false);
      add(digest, out);
      transforms.complex(out = complex.clone(), 0, n * LINES, LINES, n, LINES, true);
      add(digest, out);
      Green green = new Green(x, uniforms(random, LINES), new float[]{2}, 0.7f);
      transforms.solve(out = complex.clone(), 0, n * LINES, LINES, n, LINES, green);
      add(digest, out);
    }
    assertEquals("c6bd93147da03bf4add17c2308fdc91f2a00113c5ac99547fee9a6336a2922ab",
        HexFormat.of().formatHex(digest.digest()));
  }
}
