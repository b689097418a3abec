package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 8 elements on a tile, in place; vectors stay in locals of one method, or they would be boxed. */
final class Radix8 {
  /** √½. */
  private static final float ROOT = (float) StrictMath.sqrt(0.5);

  private Radix8() {}

  /** Blocks of 8q elements: q butterflies each, twiddled. Afterwards every 8th frequency stands in one run of q. */
  static void forward(float[] t, int at, int blocks, int q, float[] table) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 8 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      int first3 = first2 + step;
      int first4 = first3 + step;
      int first5 = first4 + step;
      int first6 = first5 + step;
      int first7 = first6 + step;
      for (int k = 0; k < q; k++) {
        int w = 21 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        int a3 = first3 + k * ELEMENT;
        int a4 = first4 + k * ELEMENT;
        int a5 = first5 + k * ELEMENT;
        int a6 = first6 + k * ELEMENT;
        int a7 = first7 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
        FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
        FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
        FloatVector r4 = fromArray(SPECIES, t, a4), i4 = fromArray(SPECIES, t, a4 + COUNT);
        FloatVector r5 = fromArray(SPECIES, t, a5), i5 = fromArray(SPECIES, t, a5 + COUNT);
        FloatVector r6 = fromArray(SPECIES, t, a6), i6 = fromArray(SPECIES, t, a6 + COUNT);
        FloatVector r7 = fromArray(SPECIES, t, a7), i7 = fromArray(SPECIES, t, a7 + COUNT);
        FloatVector ar = r0.add(r4), ai = i0.add(i4), br = r2.add(r6), bi = i2.add(i6);
        FloatVector cr = r1.add(r5), ci = i1.add(i5), dr = r3.add(r7), di = i3.add(i7);
        FloatVector er = ar.add(br), ei = ai.add(bi), fr = ar.sub(br), fi = ai.sub(bi);
        FloatVector gr = cr.add(dr), gi = ci.add(di), hr = cr.sub(dr), hi = ci.sub(di);
        er.add(gr).intoArray(t, a0);
        ei.add(gi).intoArray(t, a0 + COUNT);
        FloatVector x4 = er.sub(gr), y4 = ei.sub(gi), w4 = broadcast(SPECIES, table[w + 9]);
        y4.fma(broadcast(SPECIES, table[w + 10]), x4.mul(w4)).intoArray(t, a4);
        x4.fma(broadcast(SPECIES, table[w + 11]), y4.mul(w4)).intoArray(t, a4 + COUNT);
        FloatVector x2 = fr.add(hi), y2 = fi.sub(hr), w2 = broadcast(SPECIES, table[w + 3]);
        y2.fma(broadcast(SPECIES, table[w + 4]), x2.mul(w2)).intoArray(t, a2);
        x2.fma(broadcast(SPECIES, table[w + 5]), y2.mul(w2)).intoArray(t, a2 + COUNT);
        FloatVector x6 = fr.sub(hi), y6 = fi.add(hr), w6 = broadcast(SPECIES, table[w + 15]);
        y6.fma(broadcast(SPECIES, table[w + 16]), x6.mul(w6)).intoArray(t, a6);
        x6.fma(broadcast(SPECIES, table[w + 17]), y6.mul(w6)).intoArray(t, a6 + COUNT);
        ar = r0.sub(r4);
        ai = i0.sub(i4);
        br = r2.sub(r6);
        bi = i2.sub(i6);
        cr = r1.sub(r5);
        ci = i1.sub(i5);
        dr = r3.sub(r7);
        di = i3.sub(i7);
        er = ar.add(bi);
        ei = ai.sub(br);
        fr = ar.sub(bi);
        fi = ai.add(br);
        gr = cr.sub(dr).add(ci.add(di));
        gi = ci.sub(di).sub(cr.add(dr));
        hr = cr.add(dr).add(ci.sub(di));
        hi = ci.add(di).sub(cr.sub(dr));
        FloatVector x1 = gr.fma(root, er), y1 = gi.fma(root, ei), w1 = broadcast(SPECIES, table[w]);
        y1.fma(broadcast(SPECIES, table[w + 1]), x1.mul(w1)).intoArray(t, a1);
        x1.fma(broadcast(SPECIES, table[w + 2]), y1.mul(w1)).intoArray(t, a1 + COUNT);
        FloatVector x5 = gr.fma(minus, er), y5 = gi.fma(minus, ei), w5 = broadcast(SPECIES, table[w + 12]);
        y5.fma(broadcast(SPECIES, table[w + 13]), x5.mul(w5)).intoArray(t, a5);
        x5.fma(broadcast(SPECIES, table[w + 14]), y5.mul(w5)).intoArray(t, a5 + COUNT);
        FloatVector x3 = hi.fma(root, fr), y3 = hr.fma(minus, fi), w3 = broadcast(SPECIES, table[w + 6]);
        y3.fma(broadcast(SPECIES, table[w + 7]), x3.mul(w3)).intoArray(t, a3);
        x3.fma(broadcast(SPECIES, table[w + 8]), y3.mul(w3)).intoArray(t, a3 + COUNT);
        FloatVector x7 = hi.fma(minus, fr), y7 = hr.fma(root, fi), w7 = broadcast(SPECIES, table[w + 18]);
        y7.fma(broadcast(SPECIES, table[w + 19]), x7.mul(w7)).intoArray(t, a7);
        x7.fma(broadcast(SPECIES, table[w + 20]), y7.mul(w7)).intoArray(t, a7 + COUNT);
      }
    }
  }

  /** The transpose of {@link #forward}, conjugated. */
  static void inverse(float[] t, int at, int blocks, int q, float[] table) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 8 * step;
      int first1 = first0 + step;
      int first2 = first1 + step;
      int first3 = first2 + step;
      int first4 = first3 + step;
      int first5 = first4 + step;
      int first6 = first5 + step;
      int first7 = first6 + step;
      for (int k = 0; k < q; k++) {
        int w = 21 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        int a2 = first2 + k * ELEMENT;
        int a3 = first3 + k * ELEMENT;
        int a4 = first4 + k * ELEMENT;
        int a5 = first5 + k * ELEMENT;
        int a6 = first6 + k * ELEMENT;
        int a7 = first7 + k * ELEMENT;
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
        FloatVector x5 = fromArray(SPECIES, t, a5), y5 = fromArray(SPECIES, t, a5 + COUNT),
            w5 = broadcast(SPECIES, table[w + 12]);
        FloatVector r5 = y5.fma(broadcast(SPECIES, table[w + 14]), x5.mul(w5));
        FloatVector i5 = x5.fma(broadcast(SPECIES, table[w + 13]), y5.mul(w5));
        FloatVector x6 = fromArray(SPECIES, t, a6), y6 = fromArray(SPECIES, t, a6 + COUNT),
            w6 = broadcast(SPECIES, table[w + 15]);
        FloatVector r6 = y6.fma(broadcast(SPECIES, table[w + 17]), x6.mul(w6));
        FloatVector i6 = x6.fma(broadcast(SPECIES, table[w + 16]), y6.mul(w6));
        FloatVector x7 = fromArray(SPECIES, t, a7), y7 = fromArray(SPECIES, t, a7 + COUNT),
            w7 = broadcast(SPECIES, table[w + 18]);
        FloatVector r7 = y7.fma(broadcast(SPECIES, table[w + 20]), x7.mul(w7));
        FloatVector i7 = x7.fma(broadcast(SPECIES, table[w + 19]), y7.mul(w7));
        FloatVector ar = r0.add(r4), ai = i0.add(i4), br = r2.add(r6), bi = i2.add(i6);
        FloatVector cr = r1.add(r5), ci = i1.add(i5), dr = r3.add(r7), di = i3.add(i7);
        FloatVector er = ar.add(br), ei = ai.add(bi), fr = ar.sub(br), fi = ai.sub(bi);
        FloatVector gr = cr.add(dr), gi = ci.add(di), hr = cr.sub(dr), hi = ci.sub(di);
        er.add(gr).intoArray(t, a0);
        ei.add(gi).intoArray(t, a0 + COUNT);
        er.sub(gr).intoArray(t, a4);
        ei.sub(gi).intoArray(t, a4 + COUNT);
        fr.add(hi).intoArray(t, a6);
        fi.sub(hr).intoArray(t, a6 + COUNT);
        fr.sub(hi).intoArray(t, a2);
        fi.add(hr).intoArray(t, a2 + COUNT);
        ar = r0.sub(r4);
        ai = i0.sub(i4);
        br = r2.sub(r6);
        bi = i2.sub(i6);
        cr = r1.sub(r5);
        ci = i1.sub(i5);
        dr = r3.sub(r7);
        di = i3.sub(i7);
        er = ar.add(bi);
        ei = ai.sub(br);
        fr = ar.sub(bi);
        fi = ai.add(br);
        gr = cr.sub(dr).add(ci.add(di));
        gi = ci.sub(di).sub(cr.add(dr));
        hr = cr.add(dr).add(ci.sub(di));
        hi = ci.add(di).sub(cr.sub(dr));
        gr.fma(root, er).intoArray(t, a7);
        gi.fma(root, ei).intoArray(t, a7 + COUNT);
        gr.fma(minus, er).intoArray(t, a3);
        gi.fma(minus, ei).intoArray(t, a3 + COUNT);
        hi.fma(root, fr).intoArray(t, a5);
        hr.fma(minus, fi).intoArray(t, a5 + COUNT);
        hi.fma(minus, fr).intoArray(t, a1);
        hr.fma(root, fi).intoArray(t, a1 + COUNT);
      }
    }
  }

  /** As {@link #forward} with q = 1: 8 neighbours, no twiddles. */
  static void forwardLast(float[] t, int at, int blocks) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    for (int b = 0; b < blocks; b++) {
      int a0 = at + b * 8 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      int a4 = a3 + ELEMENT;
      int a5 = a4 + ELEMENT;
      int a6 = a5 + ELEMENT;
      int a7 = a6 + ELEMENT;
      FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
      FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
      FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
      FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
      FloatVector r4 = fromArray(SPECIES, t, a4), i4 = fromArray(SPECIES, t, a4 + COUNT);
      FloatVector r5 = fromArray(SPECIES, t, a5), i5 = fromArray(SPECIES, t, a5 + COUNT);
      FloatVector r6 = fromArray(SPECIES, t, a6), i6 = fromArray(SPECIES, t, a6 + COUNT);
      FloatVector r7 = fromArray(SPECIES, t, a7), i7 = fromArray(SPECIES, t, a7 + COUNT);
      FloatVector ar = r0.add(r4), ai = i0.add(i4), br = r2.add(r6), bi = i2.add(i6);
      FloatVector cr = r1.add(r5), ci = i1.add(i5), dr = r3.add(r7), di = i3.add(i7);
      FloatVector er = ar.add(br), ei = ai.add(bi), fr = ar.sub(br), fi = ai.sub(bi);
      FloatVector gr = cr.add(dr), gi = ci.add(di), hr = cr.sub(dr), hi = ci.sub(di);
      er.add(gr).intoArray(t, a0);
      ei.add(gi).intoArray(t, a0 + COUNT);
      er.sub(gr).intoArray(t, a4);
      ei.sub(gi).intoArray(t, a4 + COUNT);
      fr.add(hi).intoArray(t, a2);
      fi.sub(hr).intoArray(t, a2 + COUNT);
      fr.sub(hi).intoArray(t, a6);
      fi.add(hr).intoArray(t, a6 + COUNT);
      ar = r0.sub(r4);
      ai = i0.sub(i4);
      br = r2.sub(r6);
      bi = i2.sub(i6);
      cr = r1.sub(r5);
      ci = i1.sub(i5);
      dr = r3.sub(r7);
      di = i3.sub(i7);
      er = ar.add(bi);
      ei = ai.sub(br);
      fr = ar.sub(bi);
      fi = ai.add(br);
      gr = cr.sub(dr).add(ci.add(di));
      gi = ci.sub(di).sub(cr.add(dr));
      hr = cr.add(dr).add(ci.sub(di));
      hi = ci.add(di).sub(cr.sub(dr));
      gr.fma(root, er).intoArray(t, a1);
      gi.fma(root, ei).intoArray(t, a1 + COUNT);
      gr.fma(minus, er).intoArray(t, a5);
      gi.fma(minus, ei).intoArray(t, a5 + COUNT);
      hi.fma(root, fr).intoArray(t, a3);
      hr.fma(minus, fi).intoArray(t, a3 + COUNT);
      hi.fma(minus, fr).intoArray(t, a7);
      hr.fma(root, fi).intoArray(t, a7 + COUNT);
    }
  }

  /** As {@link #inverse} with q = 1: 8 neighbours, no twiddles. */
  static void inverseFirst(float[] t, int at, int blocks) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    for (int b = 0; b < blocks; b++) {
      int a0 = at + b * 8 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      int a4 = a3 + ELEMENT;
      int a5 = a4 + ELEMENT;
      int a6 = a5 + ELEMENT;
      int a7 = a6 + ELEMENT;
      FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
      FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
      FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
      FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
      FloatVector r4 = fromArray(SPECIES, t, a4), i4 = fromArray(SPECIES, t, a4 + COUNT);
      FloatVector r5 = fromArray(SPECIES, t, a5), i5 = fromArray(SPECIES, t, a5 + COUNT);
      FloatVector r6 = fromArray(SPECIES, t, a6), i6 = fromArray(SPECIES, t, a6 + COUNT);
      FloatVector r7 = fromArray(SPECIES, t, a7), i7 = fromArray(SPECIES, t, a7 + COUNT);
      FloatVector ar = r0.add(r4), ai = i0.add(i4), br = r2.add(r6), bi = i2.add(i6);
      FloatVector cr = r1.add(r5), ci = i1.add(i5), dr = r3.add(r7), di = i3.add(i7);
      FloatVector er = ar.add(br), ei = ai.add(bi), fr = ar.sub(br), fi = ai.sub(bi);
      FloatVector gr = cr.add(dr), gi = ci.add(di), hr = cr.sub(dr), hi = ci.sub(di);
      er.add(gr).intoArray(t, a0);
      ei.add(gi).intoArray(t, a0 + COUNT);
      er.sub(gr).intoArray(t, a4);
      ei.sub(gi).intoArray(t, a4 + COUNT);
      fr.add(hi).intoArray(t, a6);
      fi.sub(hr).intoArray(t, a6 + COUNT);
      fr.sub(hi).intoArray(t, a2);
      fi.add(hr).intoArray(t, a2 + COUNT);
      ar = r0.sub(r4);
      ai = i0.sub(i4);
      br = r2.sub(r6);
      bi = i2.sub(i6);
      cr = r1.sub(r5);
      ci = i1.sub(i5);
      dr = r3.sub(r7);
      di = i3.sub(i7);
      er = ar.add(bi);
      ei = ai.sub(br);
      fr = ar.sub(bi);
      fi = ai.add(br);
      gr = cr.sub(dr).add(ci.add(di));
      gi = ci.sub(di).sub(cr.add(dr));
      hr = cr.add(dr).add(ci.sub(di));
      hi = ci.add(di).sub(cr.sub(dr));
      gr.fma(root, er).intoArray(t, a7);
      gi.fma(root, ei).intoArray(t, a7 + COUNT);
      gr.fma(minus, er).intoArray(t, a3);
      gi.fma(minus, ei).intoArray(t, a3 + COUNT);
      hi.fma(root, fr).intoArray(t, a5);
      hr.fma(minus, fi).intoArray(t, a5 + COUNT);
      hi.fma(minus, fr).intoArray(t, a1);
      hr.fma(root, fi).intoArray(t, a1 + COUNT);
    }
  }
}
