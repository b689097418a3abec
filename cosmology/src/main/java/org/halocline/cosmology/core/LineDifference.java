package org.halocline.cosmology.core;

/** The 4th-order first difference along lines of a mesh, in one place: what every kernel that takes it computes. */
final class LineDifference {
  private LineDifference() {}

  /**
   * {@code out[at + k] ← factor (8 (f[p1 + k] − f[m1 + k]) − (f[p2 + k] − f[m2 + k]))} for k in [from, count): lines two and one below,
   * one and two above start at m2, m1, p1, p2.
   */
  static void write(float[] f, int m2, int m1, int p1, int p2, float factor, float[] out, int at, int from, int count) {
    for (int k = from; k < count; k++)
      out[at + k] = factor * (8 * (f[p1 + k] - f[m1 + k]) - (f[p2 + k] - f[m2 + k]));
  }

  /** Fills the two elements before and the two behind a line that starts at {@code at + 2}, as it wraps around. */
  static void wrap(float[] padded, int at, int nz) {
    for (int ghost = 0; ghost < 2; ghost++) {
      padded[at + ghost] = padded[at + 2 + Math.floorMod(ghost - 2, nz)];
      padded[at + 2 + nz + ghost] = padded[at + 2 + ghost % nz];
    }
  }
}
