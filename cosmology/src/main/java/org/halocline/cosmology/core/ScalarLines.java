package org.halocline.cosmology.core;

/** What every number is, one particle after another: runs anywhere, and the oracle of {@link VectorLines}. */
final class ScalarLines implements ParticleLines {
  /** Adding it rounds a float of magnitude below 2^22 to an integer in its low bits. */
  static final float ROUND_FLOAT = 0x1.8p23f;
  static final int ROUND_FLOAT_BITS = Float.floatToRawIntBits(ROUND_FLOAT);
  /** Adding it rounds a double of magnitude below 2^51 to an integer in its low bits. */
  static final double ROUND = 0x1.8p52;
  /** Magnitude of a double's bits. */
  static final long MAGNITUDE = Long.MAX_VALUE;

  @Override
  public void locate(Positions at, int n, int count, int i, int j, int k0, Axis x, Axis y, Axis z, LineScratch into) {
    locate(at, n, 0, count, i, j, k0, x, y, z, into);
  }

  /** As above for sites [from, count) of the piece. */
  static void locate(Positions at, int n, int from, int count, int i, int j, int k0, Axis x, Axis y, Axis z,
      LineScratch into) {
    int bits = at.bits();
    for (int k = from; k < count; k++) {
      int px = at.x()[n + k];
      int py = at.y()[n + k];
      int pz = at.z()[n + k];
      int a = i + (px >> bits);
      int b = j + (py >> bits);
      int c = Math.floorMod(k0 + k + (pz >> bits), z.cells());
      int a0 = offset(a, x);
      int a1 = offset(a + 1, x);
      int b0 = offset(b, y) + c;
      int b1 = offset(b + 1, y) + c;
      into.corner[k] = a0 + b0;
      into.corner[LineScratch.STRIDE + k] = a0 + b1;
      into.corner[2 * LineScratch.STRIDE + k] = a1 + b0;
      into.corner[3 * LineScratch.STRIDE + k] = a1 + b1;
      into.up[k] = c + 1 == z.cells() ? -c : 1;
      fractions(at, px, py, pz, k, into);
    }
  }

  private static int offset(int cell, Axis axis) {
    return (axis.halo() > 0 ? cell + axis.halo() : Math.floorMod(cell, axis.cells())) * axis.stride();
  }

  private static void fractions(Positions at, int px, int py, int pz, int k, LineScratch into) {
    into.fraction[k] = (px & at.mask()) * at.quantum();
    into.fraction[LineScratch.STRIDE + k] = (py & at.mask()) * at.quantum();
    into.fraction[2 * LineScratch.STRIDE + k] = (pz & at.mask()) * at.quantum();
  }

  @Override
  public void locate(Positions at, int n, int count, int firstSlot, int row, int k0, ForceWindow window,
      LineScratch into) {
    locate(at, n, 0, count, firstSlot, row, k0, window, into);
  }

  /** As above for sites [from, count) of the piece. */
  static void locate(Positions at, int n, int from, int count, int firstSlot, int row, int k0, ForceWindow window,
      LineScratch into) {
    int bits = at.bits();
    for (int k = from; k < count; k++) {
      int px = at.x()[n + k];
      int py = at.y()[n + k];
      int pz = at.z()[n + k];
      int slot = firstSlot + (px >> bits) + window.reachX;
      int a0 = slot >= window.slots ? slot - window.slots : slot;
      int a1 = a0 + 1 == window.slots ? 0 : a0 + 1;
      int line = (row + (py >> bits) + window.reachY) * window.lineStride
          + ForceWindow.CELL * (k0 + k + (pz >> bits) + window.reachZ);
      into.corner[k] = a0 * window.planeStride + line;
      into.corner[2 * LineScratch.STRIDE + k] = a1 * window.planeStride + line;
      fractions(at, px, py, pz, k, into);
    }
  }

  @Override
  public void massWeights(int count, float mass, LineScratch scratch) {
    massWeights(0, count, mass, scratch);
  }

  static void massWeights(int from, int count, float mass, LineScratch s) {
    for (int k = from; k < count; k++) {
      float fx = s.fraction[k];
      float fy = s.fraction[LineScratch.STRIDE + k];
      float fz = s.fraction[2 * LineScratch.STRIDE + k];
      float m1 = round(mass * fx);
      float m0 = mass - m1;
      float m11 = round(m1 * fy);
      float m01 = round(m0 * fy);
      massPair(m0 - m01, fz, s.weight, k);
      massPair(m01, fz, s.weight, 2 * LineScratch.STRIDE + k);
      massPair(m1 - m11, fz, s.weight, 4 * LineScratch.STRIDE + k);
      massPair(m11, fz, s.weight, 6 * LineScratch.STRIDE + k);
    }
  }

  private static void massPair(float mass, float fz, int[] weight, int at) {
    float upper = round(mass * fz);
    weight[at] = integer(mass - upper);
    weight[LineScratch.STRIDE + at] = integer(upper);
  }

  private static float round(float value) {
    return value + ROUND_FLOAT - ROUND_FLOAT;
  }

  private static int integer(float whole) {
    return Float.floatToRawIntBits(whole + ROUND_FLOAT) - ROUND_FLOAT_BITS;
  }

  @Override
  public void cotangentWeights(float[] value, int n, int count, float factor, LineScratch scratch) {
    cotangentWeights(value, n, 0, count, factor, scratch);
  }

  static void cotangentWeights(float[] value, int n, int from, int count, float factor, LineScratch s) {
    for (int k = from; k < count; k++) {
      float fx = s.fraction[k];
      float fy = s.fraction[LineScratch.STRIDE + k];
      float fz = s.fraction[2 * LineScratch.STRIDE + k];
      float v = factor * value[n + k];
      float v1 = v * fx;
      float v0 = v - v1;
      float v11 = v1 * fy;
      float v01 = v0 * fy;
      cotangentPair(v0 - v01, fz, s.weight, k);
      cotangentPair(v01, fz, s.weight, 2 * LineScratch.STRIDE + k);
      cotangentPair(v1 - v11, fz, s.weight, 4 * LineScratch.STRIDE + k);
      cotangentPair(v11, fz, s.weight, 6 * LineScratch.STRIDE + k);
    }
  }

  private static void cotangentPair(float v, float fz, int[] weight, int at) {
    float upper = v * fz;
    weight[at] = nearest(v - upper);
    weight[LineScratch.STRIDE + at] = nearest(upper);
  }

  private static int nearest(float value) {
    return (int) (value + Math.copySign(0.5f, value));
  }

  @Override
  public void read(int count, ForceWindow window, LineScratch s) {
    for (int k = 0; k < count; k++) {
      int a = s.corner[k];
      int b = s.corner[2 * LineScratch.STRIDE + k];
      float fx = s.fraction[k];
      float fy = s.fraction[LineScratch.STRIDE + k];
      for (int lane = 0; lane < 8; lane++) {
        float g0 = along(window, a + lane, fy);
        float g1 = along(window, b + lane, fy);
        s.force[8 * k + lane] = g0 + (g1 - g0) * fx;
      }
    }
  }

  /** The force at a cell of the window, read along y. */
  private static float along(ForceWindow window, int cell, float fy) {
    float v = window.floats[cell];
    return v + (window.floats[cell + window.lineStride] - v) * fy;
  }

  @Override
  public void readSlopes(int count, ForceWindow window, LineScratch s) {
    read(count, window, s);
    for (int k = 0; k < count; k++) {
      int a = s.corner[k];
      int b = s.corner[2 * LineScratch.STRIDE + k];
      float fx = s.fraction[k];
      float fy = s.fraction[LineScratch.STRIDE + k];
      for (int lane = 0; lane < 8; lane++) {
        float y0 = window.floats[a + lane + window.lineStride] - window.floats[a + lane];
        float y1 = window.floats[b + lane + window.lineStride] - window.floats[b + lane];
        s.byX[8 * k + lane] = along(window, b + lane, fy) - along(window, a + lane, fy);
        s.byY[8 * k + lane] = y0 + (y1 - y0) * fx;
      }
    }
  }

  @Override
  public void difference(float[] f, int m2, int m1, int p1, int p2, float h, float[] out, int at, int count) {
    difference(f, m2, m1, p1, p2, h, out, at, 0, count);
  }

  static void difference(float[] f, int m2, int m1, int p1, int p2, float h, float[] out, int at, int from, int count) {
    for (int k = from; k < count; k++)
      out[at + k] = h * (8 * (f[p1 + k] - f[m1 + k]) - (f[p2 + k] - f[m2 + k]));
  }

  @Override
  public long drift(int[] x, int[] p, double q, int sign) {
    return drift(x, p, q, sign, 0);
  }

  static long drift(int[] x, int[] p, double q, int sign, int from) {
    long largest = 0;
    for (int i = from; i < x.length; i++) {
      double moved = x[i] + sign * (q * p[i] + ROUND - ROUND);
      largest = Math.max(largest, Double.doubleToRawLongBits(moved) & MAGNITUDE);
      x[i] = (int) Double.doubleToRawLongBits(moved + ROUND);
    }
    return largest;
  }
}
