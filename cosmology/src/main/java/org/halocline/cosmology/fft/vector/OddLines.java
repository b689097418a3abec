package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

/** Real lines of odd length as complex ones without imaginary parts. */
record OddLines(Passes passes) implements RealLines {

  @Override
  public int n() {
    return passes.n();
  }

  @Override
  public int realStep() {
    return ELEMENT;
  }

  @Override
  public void forward(float[] t, int at, int to) {
    for (int e = 0; e < passes.n(); e++)
      broadcast(SPECIES, 0).intoArray(t, at + e * ELEMENT + COUNT);
    passes.forward(t, at);
    int[] element = passes.element();
    for (int k = 0; k <= passes.n() / 2; k++) {
      int from = at + element[k] * ELEMENT;
      fromArray(SPECIES, t, from).intoArray(t, to + k * ELEMENT);
      fromArray(SPECIES, t, from + COUNT).intoArray(t, to + k * ELEMENT + COUNT);
    }
  }

  @Override
  public void inverse(float[] t, int from, int at) {
    int n = passes.n();
    int[] element = passes.element();
    fromArray(SPECIES, t, from).intoArray(t, at);
    broadcast(SPECIES, 0).intoArray(t, at + COUNT);
    for (int k = 1; k <= n / 2; k++) {
      int low = at + element[k] * ELEMENT;
      int high = at + element[n - k] * ELEMENT;
      fromArray(SPECIES, t, from + k * ELEMENT).intoArray(t, low);
      fromArray(SPECIES, t, from + k * ELEMENT).intoArray(t, high);
      fromArray(SPECIES, t, from + k * ELEMENT + COUNT).intoArray(t, low + COUNT);
      fromArray(SPECIES, t, from + k * ELEMENT + COUNT).neg().intoArray(t, high + COUNT);
    }
    passes.inverse(t, at);
  }
}
