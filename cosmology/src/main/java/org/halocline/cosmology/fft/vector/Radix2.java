package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Butterflies of 2 elements on a tile, in place; vectors stay in locals of one method, or they would be boxed. */
final class Radix2 {
  private Radix2() {}

  /** Blocks of 2q elements: q butterflies each, twiddled. Afterwards every 2th frequency stands in one run of q. */
  static void forward(float[] t, int at, int blocks, int q, float[] table) {
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 2 * step;
      int first1 = first0 + step;
      for (int k = 0; k < q; k++) {
        int w = 3 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector r1 = fromArray(SPECIES, t, a1), i1 = fromArray(SPECIES, t, a1 + COUNT);
        r0.add(r1).intoArray(t, a0);
        i0.add(i1).intoArray(t, a0 + COUNT);
        FloatVector x1 = r0.sub(r1), y1 = i0.sub(i1), w1 = broadcast(SPECIES, table[w]);
        y1.fma(broadcast(SPECIES, table[w + 1]), x1.mul(w1)).intoArray(t, a1);
        x1.fma(broadcast(SPECIES, table[w + 2]), y1.mul(w1)).intoArray(t, a1 + COUNT);
      }
    }
  }

  /** The transpose of {@link #forward}, conjugated. */
  static void inverse(float[] t, int at, int blocks, int q, float[] table) {
    int step = q * ELEMENT;
    for (int b = 0; b < blocks; b++) {
      int first0 = at + b * 2 * step;
      int first1 = first0 + step;
      for (int k = 0; k < q; k++) {
        int w = 3 * k;
        int a0 = first0 + k * ELEMENT;
        int a1 = first1 + k * ELEMENT;
        FloatVector r0 = fromArray(SPECIES, t, a0), i0 = fromArray(SPECIES, t, a0 + COUNT);
        FloatVector x1 = fromArray(SPECIES, t, a1), y1 = fromArray(SPECIES, t, a1 + COUNT),
            w1 = broadcast(SPECIES, table[w]);
        FloatVector r1 = y1.fma(broadcast(SPECIES, table[w + 2]), x1.mul(w1));
        FloatVector i1 = x1.fma(broadcast(SPECIES, table[w + 1]), y1.mul(w1));
        r0.add(r1).intoArray(t, a0);
        i0.add(i1).intoArray(t, a0 + COUNT);
        r0.sub(r1).intoArray(t, a1);
        i0.sub(i1).intoArray(t, a1 + COUNT);
      }
    }
  }
}
