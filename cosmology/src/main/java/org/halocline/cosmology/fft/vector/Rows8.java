package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 8 elements between a tile and the rows of an array: a line's first and last pass, which save a move each. */
final class Rows8 {
  /** √½. */
  private static final float ROOT = (float) StrictMath.sqrt(0.5);

  private Rows8() {}

  /** {@link Radix8#forward} of the one block that is the line, from its rows to the tile. */
  static void forwardFrom(float[] data, int re, int im, int stride, float[] t, int q, float[] table) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    int step = q * ELEMENT;
    int leg = q * stride;
    for (int k = 0; k < q; k++) {
      int w = 21 * k;
      int a0 = k * ELEMENT;
      int a1 = a0 + step;
      int a2 = a1 + step;
      int a3 = a2 + step;
      int a4 = a3 + step;
      int a5 = a4 + step;
      int a6 = a5 + step;
      int a7 = a6 + step;
      int d0 = k * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      int d4 = d3 + leg;
      int d5 = d4 + leg;
      int d6 = d5 + leg;
      int d7 = d6 + leg;
      FloatVector r0 = fromArray(SPECIES, data, re + d0), i0 = fromArray(SPECIES, data, im + d0);
      FloatVector r1 = fromArray(SPECIES, data, re + d1), i1 = fromArray(SPECIES, data, im + d1);
      FloatVector r2 = fromArray(SPECIES, data, re + d2), i2 = fromArray(SPECIES, data, im + d2);
      FloatVector r3 = fromArray(SPECIES, data, re + d3), i3 = fromArray(SPECIES, data, im + d3);
      FloatVector r4 = fromArray(SPECIES, data, re + d4), i4 = fromArray(SPECIES, data, im + d4);
      FloatVector r5 = fromArray(SPECIES, data, re + d5), i5 = fromArray(SPECIES, data, im + d5);
      FloatVector r6 = fromArray(SPECIES, data, re + d6), i6 = fromArray(SPECIES, data, im + d6);
      FloatVector r7 = fromArray(SPECIES, data, re + d7), i7 = fromArray(SPECIES, data, im + d7);
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

  /** {@link Radix8#forwardLast} from blocks [begin, end) of the tile to rows in the order of their frequencies. */
  static void forwardTo(float[] t, int begin, int end, int[] frequency, float[] data, int re, int im, int stride) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    int leg = frequency.length / 8 * stride;
    for (int b = begin; b < end; b++) {
      int a0 = b * 8 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      int a4 = a3 + ELEMENT;
      int a5 = a4 + ELEMENT;
      int a6 = a5 + ELEMENT;
      int a7 = a6 + ELEMENT;
      int d0 = frequency[8 * b] * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      int d4 = d3 + leg;
      int d5 = d4 + leg;
      int d6 = d5 + leg;
      int d7 = d6 + leg;
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
      er.add(gr).intoArray(data, re + d0);
      ei.add(gi).intoArray(data, im + d0);
      er.sub(gr).intoArray(data, re + d4);
      ei.sub(gi).intoArray(data, im + d4);
      fr.add(hi).intoArray(data, re + d2);
      fi.sub(hr).intoArray(data, im + d2);
      fr.sub(hi).intoArray(data, re + d6);
      fi.add(hr).intoArray(data, im + d6);
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
      gr.fma(root, er).intoArray(data, re + d1);
      gi.fma(root, ei).intoArray(data, im + d1);
      gr.fma(minus, er).intoArray(data, re + d5);
      gi.fma(minus, ei).intoArray(data, im + d5);
      hi.fma(root, fr).intoArray(data, re + d3);
      hr.fma(minus, fi).intoArray(data, im + d3);
      hi.fma(minus, fr).intoArray(data, re + d7);
      hr.fma(root, fi).intoArray(data, im + d7);
    }
  }

  /** {@link Radix8#inverseFirst} from rows in the order of their frequencies to blocks [begin, end) of the tile. */
  static void inverseFrom(float[] data, int re, int im, int stride, int[] frequency, float[] t, int begin, int end) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    int leg = frequency.length / 8 * stride;
    for (int b = begin; b < end; b++) {
      int a0 = b * 8 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      int a4 = a3 + ELEMENT;
      int a5 = a4 + ELEMENT;
      int a6 = a5 + ELEMENT;
      int a7 = a6 + ELEMENT;
      int d0 = frequency[8 * b] * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      int d4 = d3 + leg;
      int d5 = d4 + leg;
      int d6 = d5 + leg;
      int d7 = d6 + leg;
      FloatVector r0 = fromArray(SPECIES, data, re + d0), i0 = fromArray(SPECIES, data, im + d0);
      FloatVector r1 = fromArray(SPECIES, data, re + d1), i1 = fromArray(SPECIES, data, im + d1);
      FloatVector r2 = fromArray(SPECIES, data, re + d2), i2 = fromArray(SPECIES, data, im + d2);
      FloatVector r3 = fromArray(SPECIES, data, re + d3), i3 = fromArray(SPECIES, data, im + d3);
      FloatVector r4 = fromArray(SPECIES, data, re + d4), i4 = fromArray(SPECIES, data, im + d4);
      FloatVector r5 = fromArray(SPECIES, data, re + d5), i5 = fromArray(SPECIES, data, im + d5);
      FloatVector r6 = fromArray(SPECIES, data, re + d6), i6 = fromArray(SPECIES, data, im + d6);
      FloatVector r7 = fromArray(SPECIES, data, re + d7), i7 = fromArray(SPECIES, data, im + d7);
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

  /** {@link Radix8#inverse} of the one block that is the line, from the tile to its rows. */
  static void inverseTo(float[] t, int q, float[] table, float[] data, int re, int im, int stride) {
    FloatVector root = broadcast(SPECIES, ROOT);
    FloatVector minus = broadcast(SPECIES, -ROOT);
    int step = q * ELEMENT;
    int leg = q * stride;
    for (int k = 0; k < q; k++) {
      int w = 21 * k;
      int a0 = k * ELEMENT;
      int a1 = a0 + step;
      int a2 = a1 + step;
      int a3 = a2 + step;
      int a4 = a3 + step;
      int a5 = a4 + step;
      int a6 = a5 + step;
      int a7 = a6 + step;
      int d0 = k * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      int d4 = d3 + leg;
      int d5 = d4 + leg;
      int d6 = d5 + leg;
      int d7 = d6 + leg;
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
      er.add(gr).intoArray(data, re + d0);
      ei.add(gi).intoArray(data, im + d0);
      er.sub(gr).intoArray(data, re + d4);
      ei.sub(gi).intoArray(data, im + d4);
      fr.add(hi).intoArray(data, re + d6);
      fi.sub(hr).intoArray(data, im + d6);
      fr.sub(hi).intoArray(data, re + d2);
      fi.add(hr).intoArray(data, im + d2);
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
      gr.fma(root, er).intoArray(data, re + d7);
      gi.fma(root, ei).intoArray(data, im + d7);
      gr.fma(minus, er).intoArray(data, re + d3);
      gi.fma(minus, ei).intoArray(data, im + d3);
      hi.fma(root, fr).intoArray(data, re + d5);
      hr.fma(minus, fi).intoArray(data, im + d5);
      hi.fma(minus, fr).intoArray(data, re + d1);
      hr.fma(root, fi).intoArray(data, im + d1);
    }
  }
}
