package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.halocline.cosmology.fft.vector.Lanes.COUNT;
import static org.halocline.cosmology.fft.vector.Lanes.ELEMENT;
import static org.halocline.cosmology.fft.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Real lines of even length n as complex lines of n/2, whose real parts are the even numbers and whose imaginary parts
 * the odd ones (Numerical Recipes 12.3): of the transform Z, X_k = E + T and X_{n/2−k} = conj(E − T) with E = (Z_k +
 * conj Z_{n/2−k})/2 and T = −i e^{−2πik/n} (Z_k − conj Z_{n/2−k})/2.
 *
 * @param passes of n/2
 * @param turns the factors −i e^{−2πik/n} for k = 0 … n/4
 */
record EvenLines(Passes passes, float[] turns) implements RealLines {
  static EvenLines of(Passes half) {
    int n = 2 * half.n();
    float[] turns = new float[Twiddle.FLOATS * (n / 4 + 1)];
    for (int k = 0; k <= n / 4; k++)
      Twiddle.put(turns, Twiddle.FLOATS * k, 4L * k + n, 4L * n);
    return new EvenLines(half, turns);
  }

  @Override
  public int n() {
    return 2 * passes.n();
  }

  @Override
  public int realStep() {
    return COUNT;
  }

  @Override
  public void forward(float[] t, int at, int to) {
    passes.forward(t, at);
    int half = passes.n();
    FloatVector re = fromArray(SPECIES, t, at);
    FloatVector im = fromArray(SPECIES, t, at + COUNT);
    re.add(im).intoArray(t, to);
    broadcast(SPECIES, 0).intoArray(t, to + COUNT);
    re.sub(im).intoArray(t, to + half * ELEMENT);
    broadcast(SPECIES, 0).intoArray(t, to + half * ELEMENT + COUNT);
    split(t, at, to, half, passes.element(), turns);
  }

  private static void split(float[] t, int at, int to, int half, int[] element, float[] turns) {
    FloatVector factor = broadcast(SPECIES, 0.5f);
    for (int k = 1; k <= half / 2; k++) {
      int low = at + element[k] * ELEMENT;
      int high = at + element[half - k] * ELEMENT;
      int toLow = to + k * ELEMENT;
      int toHigh = to + (half - k) * ELEMENT;
      FloatVector ar = fromArray(SPECIES, t, low), ai = fromArray(SPECIES, t, low + COUNT);
      FloatVector br = fromArray(SPECIES, t, high), bi = fromArray(SPECIES, t, high + COUNT);
      FloatVector er = ar.add(br).mul(factor), ei = ai.sub(bi).mul(factor);
      FloatVector dr = ar.sub(br).mul(factor), di = ai.add(bi).mul(factor);
      FloatVector cos = broadcast(SPECIES, turns[3 * k]);
      FloatVector tr = di.fma(broadcast(SPECIES, turns[3 * k + 1]), dr.mul(cos));
      FloatVector ti = dr.fma(broadcast(SPECIES, turns[3 * k + 2]), di.mul(cos));
      er.add(tr).intoArray(t, toLow);
      ei.add(ti).intoArray(t, toLow + COUNT);
      er.sub(tr).intoArray(t, toHigh);
      ti.sub(ei).intoArray(t, toHigh + COUNT);
    }
  }

  @Override
  public void inverse(float[] t, int from, int at) {
    int half = passes.n();
    FloatVector first = fromArray(SPECIES, t, from);
    FloatVector last = fromArray(SPECIES, t, from + half * ELEMENT);
    first.add(last).intoArray(t, at);
    first.sub(last).intoArray(t, at + COUNT);
    join(t, from, at, half, passes.element(), turns);
    passes.inverse(t, at);
  }

  /** As {@link #split} with the conjugate factor, twice its E and T. */
  private static void join(float[] t, int from, int at, int half, int[] element, float[] turns) {
    for (int k = 1; k <= half / 2; k++) {
      int low = from + k * ELEMENT;
      int high = from + (half - k) * ELEMENT;
      int toLow = at + element[k] * ELEMENT;
      int toHigh = at + element[half - k] * ELEMENT;
      FloatVector ar = fromArray(SPECIES, t, low), ai = fromArray(SPECIES, t, low + COUNT);
      FloatVector br = fromArray(SPECIES, t, high), bi = fromArray(SPECIES, t, high + COUNT);
      FloatVector er = ar.add(br), ei = ai.sub(bi);
      FloatVector dr = ar.sub(br), di = ai.add(bi);
      FloatVector cos = broadcast(SPECIES, turns[3 * k]);
      FloatVector tr = di.fma(broadcast(SPECIES, turns[3 * k + 2]), dr.mul(cos));
      FloatVector ti = dr.fma(broadcast(SPECIES, turns[3 * k + 1]), di.mul(cos));
      er.add(tr).intoArray(t, toLow);
      ei.add(ti).intoArray(t, toLow + COUNT);
      er.sub(tr).intoArray(t, toHigh);
      ti.sub(ei).intoArray(t, toHigh + COUNT);
    }
  }
}
