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

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link ScalarParticleLines}, to the bit, several particles at a time through the Vector API; what is left of a
 * piece is scalar.
 */
public final class VectorParticleLines implements ParticleLines {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  /** A corner and its upper z neighbour, four floats each. */
  private static final VectorSpecies<Float> PAIR = FloatVector.SPECIES_256;
  /** Exchanges a pair's neighbours. */
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromValues(PAIR, 4, 5, 6, 7, 0, 1, 2, 3);
  private static final int LANES = INTS.length();
  private static final float ROUND = ScalarParticleLines.ROUND_FLOAT;
  private static final int HALF_BITS = Float.floatToRawIntBits(0.5f);
  private static final int ROUND_BITS = ScalarParticleLines.ROUND_FLOAT_BITS;

  /** Where the offsets of the cell of each axis begin, and those of the next cell. */
  private static final int X0 = 0;
  private static final int X1 = STRIDE;
  private static final int Y0 = 2 * STRIDE;
  private static final int Y1 = 3 * STRIDE;
  private static final int Z0 = 4 * STRIDE;
  private static final int Z1 = 5 * STRIDE;
  /** Where the upper z neighbours of one line begin, behind the halves of all four lines. */
  private static final int UPPERS = 4 * STRIDE;

  /** More cells than any axis has: such an axis does not wrap. */
  private static final int ENDLESS = 1 << 30;

  private final DifferenceLines differences = new VectorDifferenceLines();
  private final IntVector ramp = IntVector.zero(INTS).addIndex(1);
  private final int[] offsets = new int[6 * STRIDE];
  private final float[] halves = new float[5 * STRIDE];

  @Override
  public void locate(Frame frame, int n, int count, int i, int j, int k0, LineScratch into) {
    Positions at = frame.at();
    Axis x = frame.x();
    Axis y = frame.y();
    int whole = INTS.loopBound(count);
    offsets(at, at.x(), n, whole, i + x.halo(), 0, wrapping(x), x.stride(), X0, into.fraction, X);
    offsets(at, at.y(), n, whole, j + y.halo(), 0, wrapping(y), y.stride(), Y0, into.fraction, Y);
    offsets(at, at.z(), n, whole, k0, 1, frame.z().cells(), 1, Z0, into.fraction, Z);
    corners(whole, offsets, into.corner, into.up);
    if (whole < count)
      ScalarParticleLines.locate(frame, n, whole, count, i, j, k0, into);
  }

  private static int wrapping(Axis axis) {
    return axis.halo() > 0 ? ENDLESS : axis.cells();
  }

  /**
   * One axis of a piece: the offset of each particle's cell, that of the next cell, and the fraction. Cells lie in
   * [−cells, 2 cells) before they wrap.
   *
   * @param base of the first site; {@code step} to the next
   */
  private void offsets(Positions at, int[] x, int n, int count, int base, int step, int cells, int stride, int to,
      float[] fraction, int fractionTo) {
    int bits = at.bits();
    int mask = at.mask();
    float quantum = at.quantum();
    IntVector sites = ramp.mul(step).add(base);
    int end = cells == ENDLESS ? -1 : cells * stride;
    int[] out = offsets;
    for (int k = 0; k < count; k += LANES) {
      IntVector p = IntVector.fromArray(INTS, x, n + k);
      IntVector cell = p.lanewise(VectorOperators.ASHR, bits).add(sites).add(step * k);
      cell = cell.add(cells, cell.lt(0));
      cell = cell.sub(cells, cell.compare(VectorOperators.GE, cells));
      IntVector lower = cell.mul(stride);
      IntVector upper = lower.add(stride);
      lower.intoArray(out, to + k);
      upper.blend(0, upper.eq(end)).intoArray(out, to + STRIDE + k);
      ((FloatVector) p.and(mask).convert(VectorOperators.I2F, 0)).mul(quantum).intoArray(fraction, fractionTo + k);
    }
  }

  private static void corners(int count, int[] offsets, int[] corner, int[] up) {
    for (int k = 0; k < count; k += LANES) {
      IntVector x0 = IntVector.fromArray(INTS, offsets, X0 + k);
      IntVector x1 = IntVector.fromArray(INTS, offsets, X1 + k);
      IntVector z0 = IntVector.fromArray(INTS, offsets, Z0 + k);
      IntVector y0 = IntVector.fromArray(INTS, offsets, Y0 + k).add(z0);
      IntVector y1 = IntVector.fromArray(INTS, offsets, Y1 + k).add(z0);
      x0.add(y0).intoArray(corner, LINE_00 + k);
      x0.add(y1).intoArray(corner, LINE_01 + k);
      x1.add(y0).intoArray(corner, LINE_10 + k);
      x1.add(y1).intoArray(corner, LINE_11 + k);
      IntVector.fromArray(INTS, offsets, Z1 + k).sub(z0).intoArray(up, k);
    }
  }

  @Override
  public void locate(Positions at, int n, int count, int firstSlot, int row, ForceWindow window, LineScratch into) {
    int whole = INTS.loopBound(count);
    offsets(at, at.x(), n, whole, firstSlot + window.reachX, 0, window.slots, window.planeStride, X0, into.fraction, X);
    offsets(at, at.y(), n, whole, row + window.reachY, 0, ENDLESS, window.lineStride, Y0, into.fraction, Y);
    offsets(at, at.z(), n, whole, window.reachZ, 1, ENDLESS, ForceWindow.CELL, Z0, into.fraction, Z);
    planes(whole, offsets, into.corner);
    if (whole < count)
      ScalarParticleLines.locate(at, n, whole, count, firstSlot, row, window, into);
  }

  private static void planes(int count, int[] offsets, int[] corner) {
    for (int k = 0; k < count; k += LANES) {
      IntVector line = IntVector.fromArray(INTS, offsets, Y0 + k)
          .add(IntVector.fromArray(INTS, offsets, Z0 + k));
      IntVector.fromArray(INTS, offsets, X0 + k).add(line).intoArray(corner, LINE_00 + k);
      IntVector.fromArray(INTS, offsets, X1 + k).add(line).intoArray(corner, LINE_10 + k);
    }
  }

  @Override
  public void massWeights(int count, float mass, LineScratch s) {
    int whole = FLOATS.loopBound(count);
    massHalves(whole, mass, s.fraction, halves);
    for (int line = 0; line < 4; line++)
      massPair(whole, halves, line * STRIDE, s.fraction, s.weight, 2 * line * STRIDE);
    if (whole < count)
      ScalarParticleLines.massWeights(whole, count, mass, s);
  }

  /**
   * The mass of each of the four z lines. Methods are small: HotSpot does not inline a large one, and its vectors
   * become objects.
   */
  private static void massHalves(int count, float mass, float[] fraction, float[] halves) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector fy = FloatVector.fromArray(FLOATS, fraction, Y + k);
      FloatVector m1 = FloatVector.fromArray(FLOATS, fraction, X + k).mul(mass).add(ROUND).sub(ROUND);
      FloatVector m0 = FloatVector.broadcast(FLOATS, mass).sub(m1);
      FloatVector m11 = m1.mul(fy).add(ROUND).sub(ROUND);
      FloatVector m01 = m0.mul(fy).add(ROUND).sub(ROUND);
      m0.sub(m01).intoArray(halves, LINE_00 + k);
      m01.intoArray(halves, LINE_01 + k);
      m1.sub(m11).intoArray(halves, LINE_10 + k);
      m11.intoArray(halves, LINE_11 + k);
    }
  }

  private static void massPair(int count, float[] halves, int from, float[] fraction, int[] weight, int to) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector mass = FloatVector.fromArray(FLOATS, halves, from + k);
      FloatVector upper = mass.mul(FloatVector.fromArray(FLOATS, fraction, Z + k)).add(ROUND);
      mass.sub(upper.sub(ROUND)).add(ROUND).reinterpretAsInts().sub(ROUND_BITS).intoArray(weight, to + k);
      upper.reinterpretAsInts().sub(ROUND_BITS).intoArray(weight, to + STRIDE + k);
    }
  }

  @Override
  public void cotangentWeights(float[] value, int n, int count, float factor, LineScratch s) {
    int whole = FLOATS.loopBound(count);
    cotangentHalves(value, n, whole, factor, s.fraction, halves);
    for (int line = 0; line < 4; line++)
      cotangentPair(whole, halves, line * STRIDE, s.fraction, s.weight, 2 * line * STRIDE);
    if (whole < count)
      ScalarParticleLines.cotangentWeights(value, n, whole, count, factor, s);
  }

  private static void cotangentHalves(float[] value, int n, int count, float factor, float[] fraction, float[] halves) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector fy = FloatVector.fromArray(FLOATS, fraction, Y + k);
      FloatVector v = FloatVector.fromArray(FLOATS, value, n + k).mul(factor);
      FloatVector v1 = v.mul(FloatVector.fromArray(FLOATS, fraction, X + k));
      FloatVector v0 = v.sub(v1);
      FloatVector v11 = v1.mul(fy);
      FloatVector v01 = v0.mul(fy);
      v0.sub(v01).intoArray(halves, LINE_00 + k);
      v01.intoArray(halves, LINE_01 + k);
      v1.sub(v11).intoArray(halves, LINE_10 + k);
      v11.intoArray(halves, LINE_11 + k);
    }
  }

  private static void cotangentPair(int count, float[] halves, int from, float[] fraction, int[] weight, int to) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, halves, from + k);
      FloatVector upper = v.mul(FloatVector.fromArray(FLOATS, fraction, Z + k));
      v.sub(upper).intoArray(halves, from + k);
      upper.intoArray(halves, UPPERS + k);
    }
    nearest(count, halves, from, weight, to);
    nearest(count, halves, UPPERS, weight, to + STRIDE);
  }

  private static void nearest(int count, float[] values, int from, int[] into, int to) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, values, from + k);
      FloatVector half = v.reinterpretAsInts().and(Integer.MIN_VALUE).or(HALF_BITS).reinterpretAsFloats();
      ((IntVector) v.add(half).convert(VectorOperators.F2I, 0)).intoArray(into, to + k);
    }
  }

  @Override
  public void read(int count, ForceWindow window, LineScratch s) {
    float[] forces = window.floats;
    int stride = window.lineStride;
    int[] corner = s.corner;
    float[] fraction = s.fraction;
    float[] force = s.force;
    for (int k = 0; k < count; k++) {
      int a = corner[LINE_00 + k];
      int b = corner[LINE_10 + k];
      FloatVector fy = FloatVector.broadcast(PAIR, fraction[Y + k]);
      FloatVector v = FloatVector.fromArray(PAIR, forces, a);
      FloatVector g0 = FloatVector.fromArray(PAIR, forces, a + stride).sub(v).mul(fy).add(v);
      v = FloatVector.fromArray(PAIR, forces, b);
      FloatVector g1 = FloatVector.fromArray(PAIR, forces, b + stride).sub(v).mul(fy).add(v);
      FloatVector g = g1.sub(g0).mul(FloatVector.broadcast(PAIR, fraction[X + k])).add(g0);
      // The upper four lanes are overwritten by the next particle.
      g.rearrange(SWAP).sub(g).mul(FloatVector.broadcast(PAIR, fraction[Z + k])).add(g).intoArray(force,
          4 * k);
    }
    byAxis(force, s.read, count);
  }

  private static void byAxis(float[] packed, float[] axes, int count) {
    for (int k = 0; k < count; k++) {
      axes[X + k] = packed[4 * k];
      axes[Y + k] = packed[4 * k + 1];
      axes[Z + k] = packed[4 * k + 2];
    }
  }

  @Override
  public void readSlopes(int count, ForceWindow window, LineScratch s) {
    float[] forces = window.floats;
    int stride = window.lineStride;
    int[] corner = s.corner;
    float[] fraction = s.fraction;
    float[] force = s.force;
    float[] cotangent = s.cotangent;
    float[] byX = s.pulls[0];
    float[] byY = s.pulls[1];
    float[] byZ = s.pulls[2];
    for (int k = 0; k < count; k++) {
      int a = corner[LINE_00 + k];
      int b = corner[LINE_10 + k];
      FloatVector fy = FloatVector.broadcast(PAIR, fraction[Y + k]);
      FloatVector fx = FloatVector.broadcast(PAIR, fraction[X + k]);
      FloatVector fz = FloatVector.broadcast(PAIR, fraction[Z + k]);
      FloatVector pull = FloatVector.fromArray(PAIR, cotangent, 4 * k);
      FloatVector v = FloatVector.fromArray(PAIR, forces, a);
      FloatVector y0 = FloatVector.fromArray(PAIR, forces, a + stride).sub(v);
      FloatVector g0 = y0.mul(fy).add(v);
      v = FloatVector.fromArray(PAIR, forces, b);
      FloatVector y1 = FloatVector.fromArray(PAIR, forces, b + stride).sub(v);
      FloatVector x = y1.mul(fy).add(v).sub(g0);
      FloatVector y = y1.sub(y0).mul(fx).add(y0);
      FloatVector g = x.mul(fx).add(g0);
      FloatVector z = g.rearrange(SWAP).sub(g);
      z.mul(fz).add(g).intoArray(force, 4 * k);
      x.rearrange(SWAP).sub(x).mul(fz).add(x).mul(pull).intoArray(byX, 4 * k);
      y.rearrange(SWAP).sub(y).mul(fz).add(y).mul(pull).intoArray(byY, 4 * k);
      z.mul(pull).intoArray(byZ, 4 * k);
    }
    byAxis(force, s.read, count);
  }

  @Override
  public void addSlopes(int n, int count, LineScratch s, float[] xix, float[] xiy, float[] xiz) {
    int whole = FLOATS.loopBound(count);
    slopeVectors(n, whole, s.read, s.fraction, xix, xiy, xiz);
    if (whole < count)
      ScalarParticleLines.addSlopes(n, whole, count, s, xix, xiy, xiz);
  }

  private static void slopeVectors(int n, int count, float[] f, float[] fraction, float[] xix, float[] xiy,
      float[] xiz) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector fx = FloatVector.fromArray(FLOATS, fraction, X + k);
      FloatVector fy = FloatVector.fromArray(FLOATS, fraction, Y + k);
      FloatVector fz = FloatVector.fromArray(FLOATS, fraction, Z + k);
      FloatVector f00 = FloatVector.fromArray(FLOATS, f, LOWER_00 + k);
      FloatVector d00 = FloatVector.fromArray(FLOATS, f, UPPER_00 + k).sub(f00);
      FloatVector f01 = FloatVector.fromArray(FLOATS, f, LOWER_01 + k);
      FloatVector d01 = FloatVector.fromArray(FLOATS, f, UPPER_01 + k).sub(f01);
      FloatVector f10 = FloatVector.fromArray(FLOATS, f, LOWER_10 + k);
      FloatVector d10 = FloatVector.fromArray(FLOATS, f, UPPER_10 + k).sub(f10);
      FloatVector f11 = FloatVector.fromArray(FLOATS, f, LOWER_11 + k);
      FloatVector d11 = FloatVector.fromArray(FLOATS, f, UPPER_11 + k).sub(f11);
      FloatVector g00 = d00.mul(fz).add(f00);
      FloatVector g10 = d10.mul(fz).add(f10);
      FloatVector dy0 = d01.mul(fz).add(f01).sub(g00);
      FloatVector dy1 = d11.mul(fz).add(f11).sub(g10);
      FloatVector dz0 = d01.sub(d00).mul(fy).add(d00);
      FloatVector dz1 = d11.sub(d10).mul(fy).add(d10);
      FloatVector byX = dy1.mul(fy).add(g10).sub(dy0.mul(fy).add(g00));
      FloatVector.fromArray(FLOATS, xix, n + k).add(byX).intoArray(xix, n + k);
      FloatVector byY = dy1.sub(dy0).mul(fx).add(dy0);
      FloatVector.fromArray(FLOATS, xiy, n + k).add(byY).intoArray(xiy, n + k);
      FloatVector byZ = dz1.sub(dz0).mul(fx).add(dz0);
      FloatVector.fromArray(FLOATS, xiz, n + k).add(byZ).intoArray(xiz, n + k);
    }
  }

  @Override
  public DifferenceLines differences() {
    return differences;
  }
}
