package org.halocline.cosmology.core.lines;

import static org.halocline.cosmology.core.lines.LineScratch.LINE_00;
import static org.halocline.cosmology.core.lines.LineScratch.LINE_01;
import static org.halocline.cosmology.core.lines.LineScratch.LINE_10;
import static org.halocline.cosmology.core.lines.LineScratch.LINE_11;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_00;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_01;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_10;
import static org.halocline.cosmology.core.lines.LineScratch.LOWER_11;
import static org.halocline.cosmology.core.lines.LineScratch.STRIDE;
import static org.halocline.cosmology.core.lines.LineScratch.UPPER_00;
import static org.halocline.cosmology.core.lines.LineScratch.UPPER_01;
import static org.halocline.cosmology.core.lines.LineScratch.UPPER_10;
import static org.halocline.cosmology.core.lines.LineScratch.UPPER_11;
import static org.halocline.cosmology.core.lines.LineScratch.X;
import static org.halocline.cosmology.core.lines.LineScratch.Y;
import static org.halocline.cosmology.core.lines.LineScratch.Z;

/** What every number is, one particle after another: runs anywhere, and the oracle of {@link VectorParticleLines}. */
public final class ScalarParticleLines implements ParticleLines {
  /** Adding it rounds a float of magnitude below 2^22 to an integer in its low bits. */
  static final float ROUND_FLOAT = 0x1.8p23f;
  static final int ROUND_FLOAT_BITS = Float.floatToRawIntBits(ROUND_FLOAT);

  private final DifferenceLines differences = new ScalarDifferenceLines();

  @Override
  public void locate(Frame frame, int n, int count, int i, int j, int k0, LineScratch into) {
    locate(frame, n, 0, count, i, j, k0, into);
  }

  /** As above for sites [from, count) of the piece. */
  static void locate(Frame frame, int n, int from, int count, int i, int j, int k0, LineScratch into) {
    Positions at = frame.at();
    Axis x = frame.x();
    Axis y = frame.y();
    Axis z = frame.z();
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
      into.corner[LINE_00 + k] = a0 + b0;
      into.corner[LINE_01 + k] = a0 + b1;
      into.corner[LINE_10 + k] = a1 + b0;
      into.corner[LINE_11 + k] = a1 + b1;
      into.up[k] = c + 1 == z.cells() ? -c : 1;
      fractions(at, px, py, pz, k, into);
    }
  }

  private static int offset(int cell, Axis axis) {
    return (axis.halo() > 0 ? cell + axis.halo() : Math.floorMod(cell, axis.cells())) * axis.stride();
  }

  private static void fractions(Positions at, int px, int py, int pz, int k, LineScratch into) {
    into.fraction[X + k] = (px & at.mask()) * at.quantum();
    into.fraction[Y + k] = (py & at.mask()) * at.quantum();
    into.fraction[Z + k] = (pz & at.mask()) * at.quantum();
  }

  @Override
  public void locate(Positions at, int n, int count, int firstSlot, int row, ForceWindow window, LineScratch into) {
    locate(at, n, 0, count, firstSlot, row, window, into);
  }

  /** As above for sites [from, count) of the piece. */
  static void locate(Positions at, int n, int from, int count, int firstSlot, int row, ForceWindow window,
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
          + ForceWindow.CELL * (k + (pz >> bits) + window.reachZ);
      into.corner[LINE_00 + k] = a0 * window.planeStride + line;
      into.corner[LINE_10 + k] = a1 * window.planeStride + line;
      fractions(at, px, py, pz, k, into);
    }
  }

  @Override
  public void massWeights(int count, float mass, LineScratch scratch) {
    massWeights(0, count, mass, scratch);
  }

  static void massWeights(int from, int count, float mass, LineScratch s) {
    for (int k = from; k < count; k++) {
      float fx = s.fraction[X + k];
      float fy = s.fraction[Y + k];
      float fz = s.fraction[Z + k];
      float m1 = round(mass * fx);
      float m0 = mass - m1;
      float m11 = round(m1 * fy);
      float m01 = round(m0 * fy);
      massPair(m0 - m01, fz, s.weight, LOWER_00 + k);
      massPair(m01, fz, s.weight, LOWER_01 + k);
      massPair(m1 - m11, fz, s.weight, LOWER_10 + k);
      massPair(m11, fz, s.weight, LOWER_11 + k);
    }
  }

  private static void massPair(float mass, float fz, int[] weight, int at) {
    float upper = round(mass * fz);
    weight[at] = integer(mass - upper);
    weight[STRIDE + at] = integer(upper);
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
      float fx = s.fraction[X + k];
      float fy = s.fraction[Y + k];
      float fz = s.fraction[Z + k];
      float v = factor * value[n + k];
      float v1 = v * fx;
      float v0 = v - v1;
      float v11 = v1 * fy;
      float v01 = v0 * fy;
      cotangentPair(v0 - v01, fz, s.weight, LOWER_00 + k);
      cotangentPair(v01, fz, s.weight, LOWER_01 + k);
      cotangentPair(v1 - v11, fz, s.weight, LOWER_10 + k);
      cotangentPair(v11, fz, s.weight, LOWER_11 + k);
    }
  }

  private static void cotangentPair(float v, float fz, int[] weight, int at) {
    float upper = v * fz;
    weight[at] = nearest(v - upper);
    weight[STRIDE + at] = nearest(upper);
  }

  private static int nearest(float value) {
    return (int) (value + Math.copySign(0.5f, value));
  }

  @Override
  public void read(int count, ForceWindow window, LineScratch s) {
    for (int k = 0; k < count; k++)
      for (int axis = 0; axis < 3; axis++) {
        float lower = alongXy(window, s, k, axis);
        s.read[axis * STRIDE + k] = lower
            + (alongXy(window, s, k, axis + ForceWindow.CELL) - lower) * s.fraction[Z + k];
      }
  }

  /**
   * An axis of the force at a particle's lower z neighbours, or with the upper's lane at those, read along y, then x.
   */
  private static float alongXy(ForceWindow window, LineScratch s, int k, int lane) {
    float fy = s.fraction[Y + k];
    float g0 = alongY(window, s.corner[LINE_00 + k] + lane, fy);
    float g1 = alongY(window, s.corner[LINE_10 + k] + lane, fy);
    return g0 + (g1 - g0) * s.fraction[X + k];
  }

  private static float alongY(ForceWindow window, int cell, float fy) {
    float v = window.floats[cell];
    return v + (window.floats[cell + window.lineStride] - v) * fy;
  }

  @Override
  public void readSlopes(int count, ForceWindow window, LineScratch s) {
    read(count, window, s);
    for (int k = 0; k < count; k++) {
      float fz = s.fraction[Z + k];
      for (int axis = 0; axis < 3; axis++) {
        int upper = axis + ForceWindow.CELL;
        float lower = alongXy(window, s, k, axis);
        float x0 = byX(window, s, k, axis);
        float y0 = byY(window, s, k, axis);
        float pull = s.cotangent[4 * k + axis];
        s.pulls[0][4 * k + axis] = (x0 + (byX(window, s, k, upper) - x0) * fz) * pull;
        s.pulls[1][4 * k + axis] = (y0 + (byY(window, s, k, upper) - y0) * fz) * pull;
        s.pulls[2][4 * k + axis] = (alongXy(window, s, k, upper) - lower) * pull;
      }
    }
  }

  private static float byX(ForceWindow window, LineScratch s, int k, int lane) {
    float fy = s.fraction[Y + k];
    return alongY(window, s.corner[LINE_10 + k] + lane, fy)
        - alongY(window, s.corner[LINE_00 + k] + lane, fy);
  }

  private static float byY(ForceWindow window, LineScratch s, int k, int lane) {
    int a = s.corner[LINE_00 + k] + lane;
    int b = s.corner[LINE_10 + k] + lane;
    float y0 = window.floats[a + window.lineStride] - window.floats[a];
    float y1 = window.floats[b + window.lineStride] - window.floats[b];
    return y0 + (y1 - y0) * s.fraction[X + k];
  }

  @Override
  public void addSlopes(int n, int count, LineScratch scratch, float[] xix, float[] xiy, float[] xiz) {
    addSlopes(n, 0, count, scratch, xix, xiy, xiz);
  }

  static void addSlopes(int n, int from, int count, LineScratch s, float[] xix, float[] xiy, float[] xiz) {
    float[] f = s.read;
    for (int k = from; k < count; k++) {
      float fx = s.fraction[X + k];
      float fy = s.fraction[Y + k];
      float fz = s.fraction[Z + k];
      float f00 = f[LOWER_00 + k];
      float d00 = f[UPPER_00 + k] - f00;
      float f01 = f[LOWER_01 + k];
      float d01 = f[UPPER_01 + k] - f01;
      float f10 = f[LOWER_10 + k];
      float d10 = f[UPPER_10 + k] - f10;
      float f11 = f[LOWER_11 + k];
      float d11 = f[UPPER_11 + k] - f11;
      float g00 = f00 + fz * d00;
      float g10 = f10 + fz * d10;
      float dy0 = f01 + fz * d01 - g00;
      float dy1 = f11 + fz * d11 - g10;
      float dz0 = d00 + fy * (d01 - d00);
      float dz1 = d10 + fy * (d11 - d10);
      xix[n + k] += g10 + fy * dy1 - (g00 + fy * dy0);
      xiy[n + k] += dy0 + fx * (dy1 - dy0);
      xiz[n + k] += dz0 + fx * (dz1 - dz0);
    }
  }

  @Override
  public DifferenceLines differences() {
    return differences;
  }
}
