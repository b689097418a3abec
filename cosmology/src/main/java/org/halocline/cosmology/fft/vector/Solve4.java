package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** The middle of a product in Fourier space for lines whose last radix is 4: no rows are read or written. */
final class Solve4 {
  private Solve4() {}

  /** The last pass of the forward transform, the products and the first pass of the inverse, on blocks [begin, end). */
  static void solve(float[] t, int begin, int end, int[] frequency, float[] x, float[] squares, float factor) {
    FloatVector yz = fromArray(SPECIES, squares, 0);
    FloatVector numerator = broadcast(SPECIES, -factor);
    int leg = frequency.length / 4;
    for (int b = begin; b < end; b++) {
      int f = frequency[4 * b];
      int a0 = b * 4 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
      FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
      FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
      FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
      FloatVector sr = r0.add(r2), si = i0.add(i2), dr = r0.sub(r2), di = i0.sub(i2);
      FloatVector ur = r1.add(r3), ui = i1.add(i3), vr = r1.sub(r3), vi = i1.sub(i3);
      FloatVector g0 = numerator.div(yz.add(broadcast(SPECIES, x[f])));
      FloatVector x0 = sr.add(ur).mul(g0), y0 = si.add(ui).mul(g0);
      FloatVector g1 = numerator.div(yz.add(broadcast(SPECIES, x[f + leg])));
      FloatVector x1 = dr.add(vi).mul(g1), y1 = di.sub(vr).mul(g1);
      FloatVector g2 = numerator.div(yz.add(broadcast(SPECIES, x[f + 2 * leg])));
      FloatVector x2 = sr.sub(ur).mul(g2), y2 = si.sub(ui).mul(g2);
      FloatVector g3 = numerator.div(yz.add(broadcast(SPECIES, x[f + 3 * leg])));
      FloatVector x3 = dr.sub(vi).mul(g3), y3 = di.add(vr).mul(g3);
      r0 = x0;
      i0 = y0;
      r1 = x1;
      i1 = y1;
      r2 = x2;
      i2 = y2;
      r3 = x3;
      i3 = y3;
      sr = r0.add(r2);
      si = i0.add(i2);
      dr = r0.sub(r2);
      di = i0.sub(i2);
      ur = r1.add(r3);
      ui = i1.add(i3);
      vr = r1.sub(r3);
      vi = i1.sub(i3);
      sr.add(ur).intoArray(t, a0);
      si.add(ui).intoArray(t, a0 + COUNT);
      dr.add(vi).intoArray(t, a3);
      di.sub(vr).intoArray(t, a3 + COUNT);
      sr.sub(ur).intoArray(t, a2);
      si.sub(ui).intoArray(t, a2 + COUNT);
      dr.sub(vi).intoArray(t, a1);
      di.add(vr).intoArray(t, a1 + COUNT);
    }
  }
}
