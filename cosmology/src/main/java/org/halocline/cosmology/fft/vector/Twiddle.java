package org.halocline.cosmology.fft.vector;

/**
 * Twiddle factors e^{−iθ} in tables: cos θ, sin θ, −sin θ of each, so that its products are fused multiply-adds either
 * way.
 */
final class Twiddle {
  /** Floats of one factor. */
  static final int FLOATS = 3;

  private Twiddle() {}

  /** Writes the factor of θ = 2π phase/n: the float next to what StrictMath makes of it in double. */
  static void put(float[] table, int at, long phase, long n) {
    long rest = phase % n;
    double theta = 2 * StrictMath.PI * rest / n;
    // Where one of them is 0, the rounding of θ would leave 1e-16.
    table[at] = 4 * rest == n || 4 * rest == 3 * n ? 0 : (float) StrictMath.cos(theta);
    table[at + 1] = rest == 0 || 2 * rest == n ? 0 : (float) StrictMath.sin(theta);
    table[at + 2] = -table[at + 1];
  }
}
