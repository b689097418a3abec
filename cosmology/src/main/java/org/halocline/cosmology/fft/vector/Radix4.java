package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 4 elements on a tile, in place; vectors stay in locals of one method, or they would be boxed. */
final class Radix4 {
  private Radix4() {}

  /** Blocks of 4q elements: q butterflies each, twiddled. Afterwards every 4th frequency stands in one run of q. */
  static void forward(float[] t, int at, int blocks, int q, float[] table) {
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 4 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      int first3 = first2 + step;
      for (int k = 0; k < q; k++) {
        int w = 9 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        int a3 = first3 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
        FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
        FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
        FloatVector sr = r0.add(r2), si = i0.add(i2), dr = r0.sub(r2), di = i0.sub(i2);
        FloatVector ur = r1.add(r3), ui = i1.add(i3), vr = r1.sub(r3), vi = i1.sub(i3);
        sr.add(ur).intoArray(t, a0);
        si.add(ui).intoArray(t, a0 + COUNT);
        FloatVector x1 = dr.add(vi), y1 = di.sub(vr), w1 = broadcast(SPECIES, table[w]);
        y1.fma(broadcast(SPECIES, table[w + 1]), x1.mul(w1)).intoArray(t, a1);
        x1.fma(broadcast(SPECIES, table[w + 2]), y1.mul(w1)).intoArray(t, a1 + COUNT);
        FloatVector x2 = sr.sub(ur), y2 = si.sub(ui), w2 = broadcast(SPECIES, table[w + 3]);
        y2.fma(broadcast(SPECIES, table[w + 4]), x2.mul(w2)).intoArray(t, a2);
        x2.fma(broadcast(SPECIES, table[w + 5]), y2.mul(w2)).intoArray(t, a2 + COUNT);
        FloatVector x3 = dr.sub(vi), y3 = di.add(vr), w3 = broadcast(SPECIES, table[w + 6]);
        y3.fma(broadcast(SPECIES, table[w + 7]), x3.mul(w3)).intoArray(t, a3);
        x3.fma(broadcast(SPECIES, table[w + 8]), y3.mul(w3)).intoArray(t, a3 + COUNT);
      }
    }
  }

  /** The transpose of {@link #forward}, conjugated. */
  static void inverse(float[] t, int at, int blocks, int q, float[] table) {
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 4 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      int first3 = first2 + step;
      for (int k = 0; k < q; k++) {
        int w = 9 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        int a3 = first3 + k * ELEMENT;
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
        FloatVector sr = r0.add(r2), si = i0.add(i2), dr = r0.sub(r2), di = i0.sub(i2);
        FloatVector ur = r1.add(r3), ui = i1.add(i3), vr = r1.sub(r3), vi = i1.sub(i3);
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

  /** As {@link #forward} with q = 1: 4 neighbours, no twiddles. */
  static void forwardLast(float[] t, int at, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int a0 = at + b * 4 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
      FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
      FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
      FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
      FloatVector sr = r0.add(r2), si = i0.add(i2), dr = r0.sub(r2), di = i0.sub(i2);
      FloatVector ur = r1.add(r3), ui = i1.add(i3), vr = r1.sub(r3), vi = i1.sub(i3);
      sr.add(ur).intoArray(t, a0);
      si.add(ui).intoArray(t, a0 + COUNT);
      dr.add(vi).intoArray(t, a1);
      di.sub(vr).intoArray(t, a1 + COUNT);
      sr.sub(ur).intoArray(t, a2);
      si.sub(ui).intoArray(t, a2 + COUNT);
      dr.sub(vi).intoArray(t, a3);
      di.add(vr).intoArray(t, a3 + COUNT);
    }
  }

  /** As {@link #inverse} with q = 1: 4 neighbours, no twiddles. */
  static void inverseFirst(float[] t, int at, int blocks) {
    for (int b = 0; b < blocks; b++) {
      int a0 = at + b * 4 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
      FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
      FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
      FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
      FloatVector sr = r0.add(r2), si = i0.add(i2), dr = r0.sub(r2), di = i0.sub(i2);
      FloatVector ur = r1.add(r3), ui = i1.add(i3), vr = r1.sub(r3), vi = i1.sub(i3);
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
