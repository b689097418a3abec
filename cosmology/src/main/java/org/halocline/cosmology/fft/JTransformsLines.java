package org.halocline.cosmology.fft;

import java.util.HashMap;
import java.util.Map;
import org.jtransforms.fft.DoubleFFT_1D;
import org.jtransforms.fft.FloatFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * Lines through JTransforms, one at a time: portable, any length, and the oracle for faster implementations. Real lines
 * use its packed format, which is unpacked here; its unscaled real inverse is n/2 or n times the line, depending on the
 * algorithm it picks for the length, so that factor is measured once per length. Its general radix rotates by
 * recurrence, which costs a float line 4e-6 of its rms at a prime factor of 29 and 1e-4 at 97, so lengths with such
 * factors are transformed in double.
 */
public final class JTransformsLines implements LineTransforms {
  /** Complex lines gathered at once, so that strided access uses whole cache lines. */
  private static final int TILE = 16;

  static {
    ConcurrencyUtils.setNumberOfThreads(1);
  }

  private final Map<Integer, Length> lengths = new HashMap<>();
  private float[] tile = new float[0];

  /** The largest prime factor that is transformed in float. */
  private static final int LARGEST_FLOAT_PRIME = 13;

  /** JTransforms' calls for one length, in place from an offset on; real lines packed in its way, inverses unscaled. */
  private interface Transform {
    void realForward(float[] line);

    void realInverse(float[] line);

    void complex(float[] line, int offset, boolean inverse);
  }

  private record InFloat(FloatFFT_1D fft) implements Transform {
    @Override
    public void realForward(float[] line) {
      fft.realForward(line);
    }

    @Override
    public void realInverse(float[] line) {
      fft.realInverse(line, false);
    }

    @Override
    public void complex(float[] line, int offset, boolean inverse) {
      if (inverse)
        fft.complexInverse(line, offset, false);
      else
        fft.complexForward(line, offset);
    }
  }

  private record InDouble(DoubleFFT_1D fft, double[] wide) implements Transform {
    @Override
    public void realForward(float[] line) {
      widen(line, 0, line.length);
      fft.realForward(wide);
      narrow(line, 0, line.length);
    }

    @Override
    public void realInverse(float[] line) {
      widen(line, 0, line.length);
      fft.realInverse(wide, false);
      narrow(line, 0, line.length);
    }

    @Override
    public void complex(float[] line, int offset, boolean inverse) {
      widen(line, offset, wide.length);
      if (inverse)
        fft.complexInverse(wide, false);
      else
        fft.complexForward(wide);
      narrow(line, offset, wide.length);
    }

    private void widen(float[] line, int offset, int count) {
      for (int i = 0; i < count; i++)
        wide[i] = line[offset + i];
    }

    private void narrow(float[] line, int offset, int count) {
      for (int i = 0; i < count; i++)
        line[offset + i] = (float) wide[i];
    }
  }

  private record Length(Transform transform, float inverseFactor, float[] line) {}

  private Length length(int n) {
    return lengths.computeIfAbsent(n, JTransformsLines::create);
  }

  private static Length create(int n) {
    Transform transform = largestPrime(n) <= LARGEST_FLOAT_PRIME
        ? new InFloat(new FloatFFT_1D(n))
        : new InDouble(new DoubleFFT_1D(n), new double[2 * n]);
    float[] line = new float[n];
    line[0] = 1;
    if (n > 1) {
      transform.realForward(line);
      transform.realInverse(line);
    }
    // Either n or n/2: the nearest of the two, so that the factor is exactly 1 or 2.
    float factor = n > 1 && Math.abs(line[0] - n) > Math.abs(line[0] - n / 2f) ? 2 : 1;
    return new Length(transform, factor, line);
  }

  private static int largestPrime(int n) {
    int largest = 1;
    for (int factor = 2; n > 1; factor++)
      for (; n % factor == 0; n /= factor)
        largest = factor;
    return largest;
  }

  @Override
  public void forwardReal(float[] real, int start, int realStride, float[] half, int re, int im, int halfStride, int n,
      int lines) {
    Length length = length(n);
    float[] line = length.line;
    for (int l = 0; l < lines; l++) {
      System.arraycopy(real, start + l * realStride, line, 0, n);
      if (n > 1)
        length.transform.realForward(line);
      unpack(line, n, half, re + l * halfStride, im + l * halfStride);
    }
  }

  /** JTransforms' order: re 0, then re n/2 (or im (n−1)/2 of an odd length), then pairs. */
  private static void unpack(float[] line, int n, float[] half, int re, int im) {
    half[re] = line[0];
    half[im] = 0;
    for (int k = 1; 2 * k < n; k++) {
      half[re + k] = line[2 * k];
      half[im + k] = 2 * k + 1 < n ? line[2 * k + 1] : line[1];
    }
    if (n % 2 == 0) {
      half[re + n / 2] = line[1];
      half[im + n / 2] = 0;
    }
  }

  @Override
  public void inverseReal(float[] half, int re, int im, int halfStride, float[] real, int start, int realStride, int n,
      int lines) {
    Length length = length(n);
    float[] line = length.line;
    float factor = length.inverseFactor;
    for (int l = 0; l < lines; l++) {
      pack(half, re + l * halfStride, im + l * halfStride, line, n);
      if (n > 1)
        length.transform.realInverse(line);
      int to = start + l * realStride;
      for (int i = 0; i < n; i++)
        real[to + i] = factor * line[i];
    }
  }

  private static void pack(float[] half, int re, int im, float[] line, int n) {
    line[0] = half[re];
    for (int k = 1; 2 * k < n; k++) {
      line[2 * k] = half[re + k];
      line[2 * k + 1 < n ? 2 * k + 1 : 1] = half[im + k];
    }
    if (n % 2 == 0)
      line[1] = half[re + n / 2];
  }

  @Override
  public void complex(float[] data, int re, int im, int elementStride, int n, int lines, boolean inverse) {
    Transform transform = length(n).transform;
    for (int first = 0; first < lines; first += TILE) {
      int count = Math.min(TILE, lines - first);
      gather(data, re + first, im + first, elementStride, n, count);
      transform(transform, n, count, inverse);
      scatter(data, re + first, im + first, elementStride, n, count);
    }
  }

  @Override
  public void solve(float[] data, int re, int im, int elementStride, int n, int lines, Green green) {
    Transform transform = length(n).transform;
    for (int first = 0; first < lines; first += TILE) {
      int count = Math.min(TILE, lines - first);
      gather(data, re + first, im + first, elementStride, n, count);
      transform(transform, n, count, false);
      for (int l = 0; l < count; l++)
        multiply(2 * l * n, n, green, green.square(first + l));
      transform(transform, n, count, true);
      scatter(data, re + first, im + first, elementStride, n, count);
    }
  }

  private void multiply(int at, int n, Green green, float squareYZ) {
    float[] x = green.x();
    for (int e = 0; e < n; e++) {
      float square = x[e] + squareYZ;
      float value = square == 0 ? 0 : -green.factor() / square;
      tile[at + 2 * e] *= value;
      tile[at + 2 * e + 1] *= value;
    }
  }

  private void transform(Transform transform, int n, int count, boolean inverse) {
    if (n == 1)
      return;
    for (int l = 0; l < count; l++)
      transform.complex(tile, 2 * l * n, inverse);
  }

  private void gather(float[] data, int re, int im, int stride, int n, int count) {
    if (tile.length < 2 * n * TILE)
      tile = new float[2 * n * TILE];
    for (int e = 0; e < n; e++)
      for (int l = 0; l < count; l++) {
        tile[2 * (l * n + e)] = data[re + e * stride + l];
        tile[2 * (l * n + e) + 1] = data[im + e * stride + l];
      }
  }

  private void scatter(float[] data, int re, int im, int stride, int n, int count) {
    for (int e = 0; e < n; e++)
      for (int l = 0; l < count; l++) {
        data[re + e * stride + l] = tile[2 * (l * n + e)];
        data[im + e * stride + l] = tile[2 * (l * n + e) + 1];
      }
  }
}
