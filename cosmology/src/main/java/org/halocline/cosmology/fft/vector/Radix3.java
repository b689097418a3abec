package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 3 elements on a tile, in place; vectors stay in locals of one method, or they would be boxed. */
final class Radix3 {
  private static final float COS1 = (float) StrictMath.cos(2 * StrictMath.PI / 3);
  private static final float SIN1 = (float) StrictMath.sin(2 * StrictMath.PI / 3);

  private Radix3() {}

  /** Blocks of 3q elements: q butterflies each, twiddled. Afterwards every 3th frequency stands in one run of q. */
  static void forward(float[] t, int at, int blocks, int q, float[] table) {
    FloatVector c1 = broadcast(SPECIES, COS1), s1 = broadcast(SPECIES, SIN1), n1 = broadcast(SPECIES, -SIN1);
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 3 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      for (int k = 0; k < q; k++) {
        int w = 6 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
        FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
        FloatVector t1r = r1.add(r2), t1i = i1.add(i2), d1r = r1.sub(r2), d1i = i1.sub(i2);
        r0.add(t1r).intoArray(t, a0);
        i0.add(t1i).intoArray(t, a0 + COUNT);
        FloatVector m1r = t1r.fma(c1, r0);
        FloatVector u1r = d1r.mul(s1);
        FloatVector m1i = t1i.fma(c1, i0);
        FloatVector u1i = d1i.mul(s1);
        FloatVector x1 = m1r.add(u1i), y1 = m1i.sub(u1r), w1 = broadcast(SPECIES, table[w]);
        y1.fma(broadcast(SPECIES, table[w + 1]), x1.mul(w1)).intoArray(t, a1);
        x1.fma(broadcast(SPECIES, table[w + 2]), y1.mul(w1)).intoArray(t, a1 + COUNT);
        FloatVector x2 = m1r.sub(u1i), y2 = m1i.add(u1r), w2 = broadcast(SPECIES, table[w + 3]);
        y2.fma(broadcast(SPECIES, table[w + 4]), x2.mul(w2)).intoArray(t, a2);
        x2.fma(broadcast(SPECIES, table[w + 5]), y2.mul(w2)).intoArray(t, a2 + COUNT);
      }
    }
  }

  /** The transpose of {@link #forward}, conjugated. */
  static void inverse(float[] t, int at, int blocks, int q, float[] table) {
    FloatVector c1 = broadcast(SPECIES, COS1), s1 = broadcast(SPECIES, SIN1), n1 = broadcast(SPECIES, -SIN1);
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 3 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      for (int k = 0; k < q; k++) {
        int w = 6 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector x1 = fromArray(SPECIES, t, a1), y1 = fromArray(SPECIES, t, a1 + COUNT),
            w1 = broadcast(SPECIES, table[w]);
        FloatVector r1 = y1.fma(broadcast(SPECIES, table[w + 2]), x1.mul(w1));
        FloatVector i1 = x1.fma(broadcast(SPECIES, table[w + 1]), y1.mul(w1));
        FloatVector x2 = fromArray(SPECIES, t, a2), y2 = fromArray(SPECIES, t, a2 + COUNT),
            w2 = broadcast(SPECIES, table[w + 3]);
        FloatVector r2 = y2.fma(broadcast(SPECIES, table[w + 5]), x2.mul(w2));
        FloatVector i2 = x2.fma(broadcast(SPECIES, table[w + 4]), y2.mul(w2));
        FloatVector t1r = r1.add(r2), t1i = i1.add(i2), d1r = r1.sub(r2), d1i = i1.sub(i2);
        r0.add(t1r).intoArray(t, a0);
        i0.add(t1i).intoArray(t, a0 + COUNT);
        FloatVector m1r = t1r.fma(c1, r0);
        FloatVector u1r = d1r.mul(s1);
        FloatVector m1i = t1i.fma(c1, i0);
        FloatVector u1i = d1i.mul(s1);
        m1r.add(u1i).intoArray(t, a2);
        m1i.sub(u1r).intoArray(t, a2 + COUNT);
        m1r.sub(u1i).intoArray(t, a1);
        m1i.add(u1r).intoArray(t, a1 + COUNT);
      }
    }
  }
}
