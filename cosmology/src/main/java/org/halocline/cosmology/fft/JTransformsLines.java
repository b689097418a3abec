package org.halocline.cosmology.fft;

import java.util.HashMap;
import java.util.Map;
import org.jtransforms.fft.DoubleFFT_1D;
import org.jtransforms.fft.FloatFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * Lines through JTransforms, one at a time: portable, any length, and the oracle for faster implementations. Real lines use
 * its packed format, which is unpacked here; its unscaled real inverse is n/2 or n times the line, depending on the
 * algorithm it picks for the length, so that factor is measured once per length. Its general radix rotates by recurrence,
 * which costs a float line 4e-6 of its rms at a prime factor of 29 and 1e-4 at 97, so lengths with such factors are
 * transformed in double.
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
    for (int factor = 2; n > 1; factor++) {
      for (; n % factor == 0; n /= factor)
        largest = factor;
    }
    return largest;
  }

  @Override
  public void forwardReal(float[] real, int realStart, float[] complex, int complexStart, int n) {
    if (n == 1) {
      complex[complexStart] = real[realStart];
      complex[complexStart + 1] = 0;
      return;
    }
    Length length = length(n);
    float[] line = length.line;
    System.arraycopy(real, realStart, line, 0, n);
    length.transform.realForward(line);
    complex[complexStart] = line[0];
    complex[complexStart + 1] = 0;
    if (n % 2 == 0) {
      System.arraycopy(line, 2, complex, complexStart + 2, n - 2);
      complex[complexStart + n] = line[1];
      complex[complexStart + n + 1] = 0;
    } else {
      System.arraycopy(line, 2, complex, complexStart + 2, n - 2);
      complex[complexStart + n] = line[1];
    }
  }

  @Override
  public void inverseReal(float[] complex, int complexStart, float[] real, int realStart, int n) {
    if (n == 1) {
      real[realStart] = complex[complexStart];
      return;
    }
    Length length = length(n);
    float[] line = length.line;
    line[0] = complex[complexStart];
    line[1] = complex[complexStart + n];
    System.arraycopy(complex, complexStart + 2, line, 2, n - 2);
    length.transform.realInverse(line);
    float factor = length.inverseFactor;
    for (int i = 0; i < n; i++)
      real[realStart + i] = factor * line[i];
  }

  @Override
  public void complex(float[] data, int start, int n, int elementStride, int lines, int lineStride, boolean inverse) {
    if (n == 1)
      return;
    Transform transform = length(n).transform;
    if (tile.length < 2 * n * TILE)
      tile = new float[2 * n * TILE];
    for (int first = 0; first < lines; first += TILE) {
      int count = Math.min(TILE, lines - first);
      int base = 2 * (start + first * lineStride);
      for (int e = 0; e < n; e++) {
        int from = base + 2 * e * elementStride;
        for (int l = 0; l < count; l++) {
          tile[2 * (l * n + e)] = data[from + 2 * l * lineStride];
          tile[2 * (l * n + e) + 1] = data[from + 2 * l * lineStride + 1];
        }
      }
      for (int l = 0; l < count; l++)
        transform.complex(tile, 2 * l * n, inverse);
      for (int e = 0; e < n; e++) {
        int to = base + 2 * e * elementStride;
        for (int l = 0; l < count; l++) {
          data[to + 2 * l * lineStride] = tile[2 * (l * n + e)];
          data[to + 2 * l * lineStride + 1] = tile[2 * (l * n + e) + 1];
        }
      }
    }
  }
}
