package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 4 elements between a tile and the rows of an array: a line's first and last pass, which save a move each. */
final class Rows4 {
  private Rows4() {}

  /** {@link Radix4#forward} of the one block that is the line, from its rows to the tile. */
  static void forwardFrom(float[] data, int re, int im, int stride, float[] t, int q, float[] table) {
    int step = q * ELEMENT;
    int leg = q * stride;
    for (int k = 0; k < q; k++) {
      int w = 9 * k;
      int a0 = k * ELEMENT;
      int a1 = a0 + step;
      int a2 = a1 + step;
      int a3 = a2 + step;
      int d0 = k * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      FloatVector r0 = fromArray(SPECIES, data, re + d0), i0 = fromArray(SPECIES, data, im + d0);
      FloatVector r1 = fromArray(SPECIES, data, re + d1), i1 = fromArray(SPECIES, data, im + d1);
      FloatVector r2 = fromArray(SPECIES, data, re + d2), i2 = fromArray(SPECIES, data, im + d2);
      FloatVector r3 = fromArray(SPECIES, data, re + d3), i3 = fromArray(SPECIES, data, im + d3);
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

  /** {@link Radix4#forwardLast} from blocks [begin, end) of the tile to rows in the order of their frequencies. */
  static void forwardTo(float[] t, int begin, int end, int[] frequency, float[] data, int re, int im, int stride) {
    int leg = frequency.length / 4 * stride;
    for (int b = begin; b < end; b++) {
      int a0 = b * 4 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      int d0 = frequency[4 * b] * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
      FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
      FloatVector r2 = fromArray(SPECIES, t, a2), i2 = fromArray(SPECIES, t, a2 + COUNT);
      FloatVector r3 = fromArray(SPECIES, t, a3), i3 = fromArray(SPECIES, t, a3 + COUNT);
      FloatVector sr = r0.add(r2), si = i0.add(i2), dr = r0.sub(r2), di = i0.sub(i2);
      FloatVector ur = r1.add(r3), ui = i1.add(i3), vr = r1.sub(r3), vi = i1.sub(i3);
      sr.add(ur).intoArray(data, re + d0);
      si.add(ui).intoArray(data, im + d0);
      dr.add(vi).intoArray(data, re + d1);
      di.sub(vr).intoArray(data, im + d1);
      sr.sub(ur).intoArray(data, re + d2);
      si.sub(ui).intoArray(data, im + d2);
      dr.sub(vi).intoArray(data, re + d3);
      di.add(vr).intoArray(data, im + d3);
    }
  }

  /** {@link Radix4#inverseFirst} from rows in the order of their frequencies to blocks [begin, end) of the tile. */
  static void inverseFrom(float[] data, int re, int im, int stride, int[] frequency, float[] t, int begin, int end) {
    int leg = frequency.length / 4 * stride;
    for (int b = begin; b < end; b++) {
      int a0 = b * 4 * ELEMENT;
      int a1 = a0 + ELEMENT;
      int a2 = a1 + ELEMENT;
      int a3 = a2 + ELEMENT;
      int d0 = frequency[4 * b] * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
      FloatVector r0 = fromArray(SPECIES, data, re + d0), i0 = fromArray(SPECIES, data, im + d0);
      FloatVector r1 = fromArray(SPECIES, data, re + d1), i1 = fromArray(SPECIES, data, im + d1);
      FloatVector r2 = fromArray(SPECIES, data, re + d2), i2 = fromArray(SPECIES, data, im + d2);
      FloatVector r3 = fromArray(SPECIES, data, re + d3), i3 = fromArray(SPECIES, data, im + d3);
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

  /** {@link Radix4#inverse} of the one block that is the line, from the tile to its rows. */
  static void inverseTo(float[] t, int q, float[] table, float[] data, int re, int im, int stride) {
    int step = q * ELEMENT;
    int leg = q * stride;
    for (int k = 0; k < q; k++) {
      int w = 9 * k;
      int a0 = k * ELEMENT;
      int a1 = a0 + step;
      int a2 = a1 + step;
      int a3 = a2 + step;
      int d0 = k * stride;
      int d1 = d0 + leg;
      int d2 = d1 + leg;
      int d3 = d2 + leg;
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
      sr.add(ur).intoArray(data, re + d0);
      si.add(ui).intoArray(data, im + d0);
      dr.add(vi).intoArray(data, re + d3);
      di.sub(vr).intoArray(data, im + d3);
      sr.sub(ur).intoArray(data, re + d2);
      si.sub(ui).intoArray(data, im + d2);
      dr.sub(vi).intoArray(data, re + d1);
      di.add(vr).intoArray(data, im + d1);
    }
  }
}
