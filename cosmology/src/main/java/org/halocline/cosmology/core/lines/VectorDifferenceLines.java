package org.halocline.cosmology.core.lines;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link ScalarDifferenceLines}, to the bit, several cells at a time through the Vector API: the compiler cannot
 * tell that lines read and written do not overlap, and does not make vectors by itself.
 */
public final class VectorDifferenceLines implements DifferenceLines {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();

  @Override
  public void write(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int count) {
    int whole = FLOATS.loopBound(count);
    for (int k = 0; k < whole; k += LANES)
      difference(f, m2 + k, m1 + k, p1 + k, p2 + k, factor).intoArray(out, at + k);
    ScalarDifferenceLines.write(f, m2, m1, p1, p2, factor, out, at, whole, count);
  }

  @Override
  public void add(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int count) {
    int whole = FLOATS.loopBound(count);
    for (int k = 0; k < whole; k += LANES)
      FloatVector.fromArray(FLOATS, out, at + k).add(difference(f, m2 + k, m1 + k, p1 + k, p2 + k, factor))
          .intoArray(out, at + k);
    ScalarDifferenceLines.add(f, m2, m1, p1, p2, factor, out, at, whole, count);
  }

  private static FloatVector difference(float[] f, int m2, int m1, int p1, int p2, float factor) {
    FloatVector near = FloatVector.fromArray(FLOATS, f, p1).sub(FloatVector.fromArray(FLOATS, f, m1));
    FloatVector far = FloatVector.fromArray(FLOATS, f, p2).sub(FloatVector.fromArray(FLOATS, f, m2));
    return near.mul(8f).sub(far).mul(factor);
  }
}
