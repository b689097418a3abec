package org.halocline.cosmology.core.lines;

/**
 * The 4th-order first difference along lines of a mesh, in one place: what every kernel that takes it computes.
 * {@link ScalarDifferenceLines} says what the numbers are; {@link VectorDifferenceLines} makes the same bits faster.
 */
public interface DifferenceLines {

  /**
   * {@code out[at + k] ← factor (8 (f[p1 + k] − f[m1 + k]) − (f[p2 + k] − f[m2 + k]))} for k in [0, count): lines two
   * and one below, one and two above start at m2, m1, p1, p2. {@code out} is not f.
   */
  void write(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int count);

  /** As {@link #write}, added to what is there. */
  void add(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int count);

  /** Fills the two elements before and the two behind a line that starts at {@code at + 2}, as it wraps around. */
  static void wrap(float[] padded, int at, int nz) {
    for (int ghost = 0; ghost < 2; ghost++) {
      padded[at + ghost] = padded[at + 2 + Math.floorMod(ghost - 2, nz)];
      padded[at + 2 + nz + ghost] = padded[at + 2 + ghost % nz];
    }
  }
}
