package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 5 elements on a tile, in place; vectors stay in locals of one method, or they would be boxed. */
final class Radix5 {
  private static final float COS1 = (float) StrictMath.cos(2 * StrictMath.PI / 5);
  private static final float SIN1 = (float) StrictMath.sin(2 * StrictMath.PI / 5);
  private static final float COS2 = (float) StrictMath.cos(4 * StrictMath.PI / 5);
  private static final float SIN2 = (float) StrictMath.sin(4 * StrictMath.PI / 5);

  private Radix5() {}

  /** Blocks of 5q elements: q butterflies each, twiddled. Afterwards every 5th frequency stands in one run of q. */
  static void forward(float[] t, int at, int blocks, int q, float[] table) {
    FloatVector c1 = broadcast(SPECIES, COS1), s1 = broadcast(SPECIES, SIN1), n1 = broadcast(SPECIES, -SIN1);
    FloatVector c2 = broadcast(SPECIES, COS2), s2 = broadcast(SPECIES, SIN2), n2 = broadcast(SPECIES, -SIN2);
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 5 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      int first3 = first2 + step;
      int first4 = first3 + step;
      for (int k = 0; k < q; k++) {
        int w = 12 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        int a3 = first3 + k * ELEMENT;
        int a4 = first4 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
        FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
        FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
        FloatVector r4 = fromArray(SPECIES, t, a4), i4 = fromArray(SPECIES, t, a4 + COUNT);
        FloatVector t1r = r1.add(r4), t1i = i1.add(i4), d1r = r1.sub(r4), d1i = i1.sub(i4);
        FloatVector t2r = r2.add(r3), t2i = i2.add(i3), d2r = r2.sub(r3), d2i = i2.sub(i3);
        r0.add(t1r).add(t2r).intoArray(t, a0);
        i0.add(t1i).add(t2i).intoArray(t, a0 + COUNT);
        FloatVector m1r = t2r.fma(c2, t1r.fma(c1, r0));
        FloatVector u1r = d2r.fma(s2, d1r.mul(s1));
        FloatVector m1i = t2i.fma(c2, t1i.fma(c1, i0));
        FloatVector u1i = d2i.fma(s2, d1i.mul(s1));
        FloatVector x1 = m1r.add(u1i), y1 = m1i.sub(u1r), w1 = broadcast(SPECIES, table[w]);
        y1.fma(broadcast(SPECIES, table[w + 1]), x1.mul(w1)).intoArray(t, a1);
        x1.fma(broadcast(SPECIES, table[w + 2]), y1.mul(w1)).intoArray(t, a1 + COUNT);
        FloatVector x4 = m1r.sub(u1i), y4 = m1i.add(u1r), w4 = broadcast(SPECIES, table[w + 9]);
        y4.fma(broadcast(SPECIES, table[w + 10]), x4.mul(w4)).intoArray(t, a4);
        x4.fma(broadcast(SPECIES, table[w + 11]), y4.mul(w4)).intoArray(t, a4 + COUNT);
        FloatVector m2r = t2r.fma(c1, t1r.fma(c2, r0));
        FloatVector u2r = d2r.fma(n1, d1r.mul(s2));
        FloatVector m2i = t2i.fma(c1, t1i.fma(c2, i0));
        FloatVector u2i = d2i.fma(n1, d1i.mul(s2));
        FloatVector x2 = m2r.add(u2i), y2 = m2i.sub(u2r), w2 = broadcast(SPECIES, table[w + 3]);
        y2.fma(broadcast(SPECIES, table[w + 4]), x2.mul(w2)).intoArray(t, a2);
        x2.fma(broadcast(SPECIES, table[w + 5]), y2.mul(w2)).intoArray(t, a2 + COUNT);
        FloatVector x3 = m2r.sub(u2i), y3 = m2i.add(u2r), w3 = broadcast(SPECIES, table[w + 6]);
        y3.fma(broadcast(SPECIES, table[w + 7]), x3.mul(w3)).intoArray(t, a3);
        x3.fma(broadcast(SPECIES, table[w + 8]), y3.mul(w3)).intoArray(t, a3 + COUNT);
      }
    }
  }

  /** The transpose of {@link #forward}, conjugated. */
  static void inverse(float[] t, int at, int blocks, int q, float[] table) {
    FloatVector c1 = broadcast(SPECIES, COS1), s1 = broadcast(SPECIES, SIN1), n1 = broadcast(SPECIES, -SIN1);
    FloatVector c2 = broadcast(SPECIES, COS2), s2 = broadcast(SPECIES, SIN2), n2 = broadcast(SPECIES, -SIN2);
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 5 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      int first3 = first2 + step;
      int first4 = first3 + step;
      for (int k = 0; k < q; k++) {
        int w = 12 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        int a3 = first3 + k * ELEMENT;
        int a4 = first4 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector x1 = fromArray(SPECIES, t, a1), y1 = fromArray(SPECIES, t, a1 + COUNT),
            w1 = broadcast(SPECIES, table[w]);
        FloatVector r1 = y1.fma(broadcast(SPECIES, table[w + 2]), x1.mul(w1));
        FloatVector i1 = x1.fma(broadcast(SPECIES, table[w + 1]), y1.mul(w1));
        FloatVector x2 = fromArray(SPECIES, t, a2), y2 = fromArray(SPECIES, t, a2 + COUNT),
            w2 = broadcast(SPECIES, table[w + 3]);
        FloatVector r2 = y2.fma(broadcast(SPECIES, table[w + 5]), x2.mul(w2));
        FloatVector i2 = x2.fma(broadcast(SPECIES, table[w + 4]), y2.mul(w2));
        FloatVector x3 = fromArray(SPECIES, t, a3), y3 = fromArray(SPECIES, t, a3 + COUNT),
            w3 = broadcast(SPECIES, table[w + 6]);
        FloatVector r3 = y3.fma(broadcast(SPECIES, table[w + 8]), x3.mul(w3));
        FloatVector i3 = x3.fma(broadcast(SPECIES, table[w + 7]), y3.mul(w3));
        FloatVector x4 = fromArray(SPECIES, t, a4), y4 = fromArray(SPECIES, t, a4 + COUNT),
            w4 = broadcast(SPECIES, table[w + 9]);
        FloatVector r4 = y4.fma(broadcast(SPECIES, table[w + 11]), x4.mul(w4));
        FloatVector i4 = x4.fma(broadcast(SPECIES, table[w + 10]), y4.mul(w4));
        FloatVector t1r = r1.add(r4), t1i = i1.add(i4), d1r = r1.sub(r4), d1i = i1.sub(i4);
        FloatVector t2r = r2.add(r3), t2i = i2.add(i3), d2r = r2.sub(r3), d2i = i2.sub(i3);
        r0.add(t1r).add(t2r).intoArray(t, a0);
        i0.add(t1i).add(t2i).intoArray(t, a0 + COUNT);
        FloatVector m1r = t2r.fma(c2, t1r.fma(c1, r0));
        FloatVector u1r = d2r.fma(s2, d1r.mul(s1));
        FloatVector m1i = t2i.fma(c2, t1i.fma(c1, i0));
        FloatVector u1i = d2i.fma(s2, d1i.mul(s1));
        m1r.add(u1i).intoArray(t, a4);
        m1i.sub(u1r).intoArray(t, a4 + COUNT);
        m1r.sub(u1i).intoArray(t, a1);
        m1i.add(u1r).intoArray(t, a1 + COUNT);
        FloatVector m2r = t2r.fma(c1, t1r.fma(c2, r0));
        FloatVector u2r = d2r.fma(n1, d1r.mul(s2));
        FloatVector m2i = t2i.fma(c1, t1i.fma(c2, i0));
        FloatVector u2i = d2i.fma(n1, d1i.mul(s2));
        m2r.add(u2i).intoArray(t, a3);
        m2i.sub(u2r).intoArray(t, a3 + COUNT);
        m2r.sub(u2i).intoArray(t, a2);
        m2i.add(u2r).intoArray(t, a2 + COUNT);
      }
    }
  }
}
