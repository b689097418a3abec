package org.halocline.cosmology.core.lines;

/** What every difference is, one cell after another: runs anywhere, and the oracle of {@link VectorDifferenceLines}. */
public final class ScalarDifferenceLines implements DifferenceLines {

  @Override
  public void write(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int count) {
    write(f, m2, m1, p1, p2, factor, out, at, 0, count);
  }

  /** As above for cells [from, count). */
  static void write(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int from, int count) {
    for (int k = from; k < count; k++)
      out[at + k] = factor * (8 * (f[p1 + k] - f[m1 + k]) - (f[p2 + k] - f[m2 + k]));
  }

  @Override
  public void add(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int count) {
    add(f, m2, m1, p1, p2, factor, out, at, 0, count);
  }

  /** As above for cells [from, count). */
  static void add(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int from, int count) {
    for (int k = from; k < count; k++)
      out[at + k] += factor * (8 * (f[p1 + k] - f[m1 + k]) - (f[p2 + k] - f[m2 + k]));
  }
}
