package org.halocline.cosmology.core;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** As {@link ScalarParticleLines}, to the bit, several particles at a time through the Vector API; what is left of a piece is scalar. */
final class VectorParticleLines implements ParticleLines {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  /** A corner and its upper z neighbour, four floats each. */
  private static final VectorSpecies<Float> PAIR = FloatVector.SPECIES_256;
  /** Exchanges a pair's neighbours. */
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromValues(PAIR, 4, 5, 6, 7, 0, 1, 2, 3);
  private static final int LANES = INTS.length();
  private static final int STRIDE = LineScratch.STRIDE;
  private static final float ROUND = ScalarParticleLines.ROUND_FLOAT;
  private static final int ROUND_BITS = ScalarParticleLines.ROUND_FLOAT_BITS;

  private final IntVector ramp = IntVector.zero(INTS).addIndex(1);

  @Override
  public void locate(Positions at, int n, int count, int i, int j, int k0, Axis x, Axis y, Axis z, LineScratch into) {
    int whole = INTS.loopBound(count);
    vectors(at, n, whole, i, j, k0, x, y, z, into);
    if (whole < count)
      ScalarParticleLines.locate(at, n, whole, count, i, j, k0, x, y, z, into);
  }

  private void vectors(Positions at, int n, int count, int i, int j, int k0, Axis x, Axis y, Axis z, LineScratch into) {
    int bits = at.bits();
    int mask = at.mask();
    float quantum = at.quantum();
    int nx = x.halo() > 0 ? 0 : x.cells();
    int ny = y.halo() > 0 ? 0 : y.cells();
    int endX = nx * x.stride();
    int endY = ny * y.stride();
    int nz = z.cells();
    int[] xs = at.x();
    int[] ys = at.y();
    int[] zs = at.z();
    int[] corner = into.corner;
    float[] fraction = into.fraction;
    for (int k = 0; k < count; k += LANES) {
      IntVector px = IntVector.fromArray(INTS, xs, n + k);
      IntVector py = IntVector.fromArray(INTS, ys, n + k);
      IntVector pz = IntVector.fromArray(INTS, zs, n + k);
      IntVector a = px.lanewise(VectorOperators.ASHR, bits).add(i + x.halo());
      IntVector b = py.lanewise(VectorOperators.ASHR, bits).add(j + y.halo());
      IntVector c = wrap(pz.lanewise(VectorOperators.ASHR, bits).add(ramp).add(k0 + k), nz);
      if (nx > 0)
        a = wrap(a, nx);
      if (ny > 0)
        b = wrap(b, ny);
      IntVector a0 = a.mul(x.stride());
      IntVector a1 = a0.add(x.stride());
      IntVector b0 = b.mul(y.stride());
      IntVector b1 = b0.add(y.stride());
      if (nx > 0)
        a1 = a1.blend(0, a1.eq(endX));
      if (ny > 0)
        b1 = b1.blend(0, b1.eq(endY));
      b0 = b0.add(c);
      b1 = b1.add(c);
      a0.add(b0).intoArray(corner, k);
      a0.add(b1).intoArray(corner, STRIDE + k);
      a1.add(b0).intoArray(corner, 2 * STRIDE + k);
      a1.add(b1).intoArray(corner, 3 * STRIDE + k);
      IntVector.broadcast(INTS, 1).blend(1 - nz, c.eq(nz - 1)).intoArray(into.up, k);
      fractions(px, py, pz, mask, quantum, fraction, k);
    }
  }

  /** Cells of [−n, 2n) to [0, n). */
  private static IntVector wrap(IntVector cell, int n) {
    IntVector up = cell.add(n, cell.lt(0));
    return up.sub(n, up.compare(VectorOperators.GE, n));
  }

  private static void fractions(IntVector px, IntVector py, IntVector pz, int mask, float quantum, float[] fraction,
      int k) {
    ((FloatVector) px.and(mask).convert(VectorOperators.I2F, 0)).mul(quantum).intoArray(fraction, k);
    ((FloatVector) py.and(mask).convert(VectorOperators.I2F, 0)).mul(quantum).intoArray(fraction, STRIDE + k);
    ((FloatVector) pz.and(mask).convert(VectorOperators.I2F, 0)).mul(quantum).intoArray(fraction, 2 * STRIDE + k);
  }

  @Override
  public void locate(Positions at, int n, int count, int firstSlot, int row, int k0, ForceWindow window,
      LineScratch into) {
    int whole = INTS.loopBound(count);
    vectors(at, n, whole, firstSlot + window.reachX, row + window.reachY, k0 + window.reachZ, window.slots,
        window.planeStride, window.lineStride, into);
    if (whole < count)
      ScalarParticleLines.locate(at, n, whole, count, firstSlot, row, k0, window, into);
  }

  private void vectors(Positions at, int n, int count, int slot, int row, int k0, int slots, int planeStride,
      int lineStride, LineScratch into) {
    int bits = at.bits();
    int mask = at.mask();
    float quantum = at.quantum();
    int[] xs = at.x();
    int[] ys = at.y();
    int[] zs = at.z();
    int[] corner = into.corner;
    float[] fraction = into.fraction;
    for (int k = 0; k < count; k += LANES) {
      IntVector px = IntVector.fromArray(INTS, xs, n + k);
      IntVector py = IntVector.fromArray(INTS, ys, n + k);
      IntVector pz = IntVector.fromArray(INTS, zs, n + k);
      IntVector a0 = px.lanewise(VectorOperators.ASHR, bits).add(slot);
      a0 = a0.sub(slots, a0.compare(VectorOperators.GE, slots));
      IntVector a1 = a0.add(1);
      a1 = a1.blend(0, a1.eq(slots));
      IntVector c = pz.lanewise(VectorOperators.ASHR, bits).add(ramp).add(k0 + k);
      IntVector line = py.lanewise(VectorOperators.ASHR, bits).add(row).mul(lineStride)
          .add(c.lanewise(VectorOperators.LSHL, 2));
      a0.mul(planeStride).add(line).intoArray(corner, k);
      a1.mul(planeStride).add(line).intoArray(corner, 2 * STRIDE + k);
      fractions(px, py, pz, mask, quantum, fraction, k);
    }
  }

  @Override
  public void massWeights(int count, float mass, LineScratch s) {
    int whole = FLOATS.loopBound(count);
    massVectors(whole, mass, s.fraction, s.weight);
    if (whole < count)
      ScalarParticleLines.massWeights(whole, count, mass, s);
  }

  private static void massVectors(int count, float mass, float[] fraction, int[] weight) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector fx = FloatVector.fromArray(FLOATS, fraction, k);
      FloatVector fy = FloatVector.fromArray(FLOATS, fraction, STRIDE + k);
      FloatVector fz = FloatVector.fromArray(FLOATS, fraction, 2 * STRIDE + k);
      FloatVector m1 = fx.mul(mass).add(ROUND).sub(ROUND);
      FloatVector m0 = FloatVector.broadcast(FLOATS, mass).sub(m1);
      FloatVector m11 = m1.mul(fy).add(ROUND).sub(ROUND);
      FloatVector m01 = m0.mul(fy).add(ROUND).sub(ROUND);
      massPair(m0.sub(m01), fz, weight, k);
      massPair(m01, fz, weight, 2 * STRIDE + k);
      massPair(m1.sub(m11), fz, weight, 4 * STRIDE + k);
      massPair(m11, fz, weight, 6 * STRIDE + k);
    }
  }

  private static void massPair(FloatVector mass, FloatVector fz, int[] weight, int at) {
    FloatVector upper = mass.mul(fz).add(ROUND);
    mass.sub(upper.sub(ROUND)).add(ROUND).reinterpretAsInts().sub(ROUND_BITS).intoArray(weight, at);
    upper.reinterpretAsInts().sub(ROUND_BITS).intoArray(weight, STRIDE + at);
  }

  @Override
  public void cotangentWeights(float[] value, int n, int count, float factor, LineScratch s) {
    int whole = FLOATS.loopBound(count);
    cotangentVectors(value, n, whole, factor, s.fraction, s.weight);
    if (whole < count)
      ScalarParticleLines.cotangentWeights(value, n, whole, count, factor, s);
  }

  private static void cotangentVectors(float[] value, int n, int count, float factor, float[] fraction, int[] weight) {
    for (int k = 0; k < count; k += LANES) {
      FloatVector fx = FloatVector.fromArray(FLOATS, fraction, k);
      FloatVector fy = FloatVector.fromArray(FLOATS, fraction, STRIDE + k);
      FloatVector fz = FloatVector.fromArray(FLOATS, fraction, 2 * STRIDE + k);
      FloatVector v = FloatVector.fromArray(FLOATS, value, n + k).mul(factor);
      FloatVector v1 = v.mul(fx);
      FloatVector v0 = v.sub(v1);
      FloatVector v11 = v1.mul(fy);
      FloatVector v01 = v0.mul(fy);
      cotangentPair(v0.sub(v01), fz, weight, k);
      cotangentPair(v01, fz, weight, 2 * STRIDE + k);
      cotangentPair(v1.sub(v11), fz, weight, 4 * STRIDE + k);
      cotangentPair(v11, fz, weight, 6 * STRIDE + k);
    }
  }

  private static void cotangentPair(FloatVector v, FloatVector fz, int[] weight, int at) {
    FloatVector upper = v.mul(fz);
    nearest(v.sub(upper)).intoArray(weight, at);
    nearest(upper).intoArray(weight, STRIDE + at);
  }

  private static IntVector nearest(FloatVector v) {
    FloatVector half = v.reinterpretAsInts().and(Integer.MIN_VALUE).or(Float.floatToRawIntBits(0.5f))
        .reinterpretAsFloats();
    return (IntVector) v.add(half).convert(VectorOperators.F2I, 0);
  }

  @Override
  public void read(int count, ForceWindow window, LineScratch s) {
    float[] forces = window.floats;
    int stride = window.lineStride;
    int[] corner = s.corner;
    float[] fraction = s.fraction;
    float[] force = s.force;
    for (int k = 0; k < count; k++) {
      int a = corner[k];
      int b = corner[2 * STRIDE + k];
      FloatVector fy = FloatVector.broadcast(PAIR, fraction[STRIDE + k]);
      FloatVector v = FloatVector.fromArray(PAIR, forces, a);
      FloatVector g0 = FloatVector.fromArray(PAIR, forces, a + stride).sub(v).mul(fy).add(v);
      v = FloatVector.fromArray(PAIR, forces, b);
      FloatVector g1 = FloatVector.fromArray(PAIR, forces, b + stride).sub(v).mul(fy).add(v);
      FloatVector g = g1.sub(g0).mul(FloatVector.broadcast(PAIR, fraction[k])).add(g0);
      // The upper four lanes are overwritten by the next particle.
      g.rearrange(SWAP).sub(g).mul(FloatVector.broadcast(PAIR, fraction[2 * STRIDE + k])).add(g).intoArray(force,
          4 * k);
    }
    byAxis(force, s.read, count);
  }

  private static void byAxis(float[] packed, float[] axes, int count) {
    for (int k = 0; k < count; k++) {
      axes[k] = packed[4 * k];
      axes[STRIDE + k] = packed[4 * k + 1];
      axes[2 * STRIDE + k] = packed[4 * k + 2];
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
      int a = corner[k];
      int b = corner[2 * STRIDE + k];
      FloatVector fy = FloatVector.broadcast(PAIR, fraction[STRIDE + k]);
      FloatVector fx = FloatVector.broadcast(PAIR, fraction[k]);
      FloatVector fz = FloatVector.broadcast(PAIR, fraction[2 * STRIDE + k]);
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
      FloatVector fx = FloatVector.fromArray(FLOATS, fraction, k);
      FloatVector fy = FloatVector.fromArray(FLOATS, fraction, STRIDE + k);
      FloatVector fz = FloatVector.fromArray(FLOATS, fraction, 2 * STRIDE + k);
      FloatVector f00 = FloatVector.fromArray(FLOATS, f, k);
      FloatVector d00 = FloatVector.fromArray(FLOATS, f, STRIDE + k).sub(f00);
      FloatVector f01 = FloatVector.fromArray(FLOATS, f, 2 * STRIDE + k);
      FloatVector d01 = FloatVector.fromArray(FLOATS, f, 3 * STRIDE + k).sub(f01);
      FloatVector f10 = FloatVector.fromArray(FLOATS, f, 4 * STRIDE + k);
      FloatVector d10 = FloatVector.fromArray(FLOATS, f, 5 * STRIDE + k).sub(f10);
      FloatVector f11 = FloatVector.fromArray(FLOATS, f, 6 * STRIDE + k);
      FloatVector d11 = FloatVector.fromArray(FLOATS, f, 7 * STRIDE + k).sub(f11);
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
  public void difference(float[] f, int m2, int m1, int p1, int p2, float h, float[] out, int at, int count) {
    int whole = FLOATS.loopBound(count);
    for (int k = 0; k < whole; k += LANES)
      FloatVector.fromArray(FLOATS, f, p1 + k).sub(FloatVector.fromArray(FLOATS, f, m1 + k)).mul(8f)
          .sub(FloatVector.fromArray(FLOATS, f, p2 + k).sub(FloatVector.fromArray(FLOATS, f, m2 + k))).mul(h)
          .intoArray(out, at + k);
    ScalarParticleLines.difference(f, m2, m1, p1, p2, h, out, at, whole, count);
  }
}
