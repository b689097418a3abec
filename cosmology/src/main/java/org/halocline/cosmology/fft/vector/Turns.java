package org.halocline.cosmology.fft.vector;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes, which turn lines that lie one behind the other into lanes, and back. Blocks of 8 × 8 numbers go through
 * vectors: loads at two offsets and a blend exchange quarters, two steps within half vectors the rest. Copies only; no
 * number is changed.
 */
final class Turns {
  private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
  private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(EIGHT, 0xf0);
  private static final VectorMask<Float> UPPER_PAIRS = VectorMask.fromLong(EIGHT, 0xcc);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(EIGHT, 0xaa);
  private static final VectorShuffle<Float> SWAP_PAIRS = VectorShuffle.fromOp(EIGHT, i -> i ^ 2);
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(EIGHT, i -> i ^ 1);

  private Turns() {}

  /**
   * Lines to lanes: {@code to[t + c · toStride + r] = from[f + r · fromStride + c]} for r below rows, c below columns.
   */
  static void in(float[] from, int f, int fromStride, float[] to, int t, int toStride, int rows, int columns) {
    int whole = columns & -8;
    int r = 0;
    for (; r <= rows - 8; r += 8) {
      int row = f + r * fromStride;
      blocksIn(from, row, fromStride, to, t + r, toStride, whole, 0);
      blocksIn(from, row, fromStride, to, t + r, toStride, whole, 4);
      rest(from, row, fromStride, to, t + r, toStride, 8, whole, columns);
    }
    rest(from, f + r * fromStride, fromStride, to, t + r, toStride, rows - r, 0, columns);
  }

  /**
   * Lanes to lines: {@code to[t + c · toStride + r] = from[f + r · fromStride + c]} for r below rows, c below columns.
   */
  static void out(float[] from, int f, int fromStride, float[] to, int t, int toStride, int rows, int columns) {
    int whole = rows & -8;
    int c = 0;
    for (; c <= columns - 8; c += 8) {
      int column = t + c * toStride;
      blocksOut(from, f + c, fromStride, to, column, toStride, whole, 0);
      blocksOut(from, f + c, fromStride, to, column, toStride, whole, 4);
      rest(from, f + whole * fromStride + c, fromStride, to, column + whole, toStride, rows - whole, 0, 8);
    }
    rest(from, f + c, fromStride, to, t + c * toStride, toStride, rows, 0, columns - c);
  }

  private static void rest(float[] from, int f, int fromStride, float[] to, int t, int toStride, int rows, int begin,
      int end) {
    for (int c = begin; c < end; c++)
      for (int r = 0; r < rows; r++)
        to[t + c * toStride + r] = from[f + r * fromStride + c];
  }

  /** Of every 8 columns of 8 rows the four from {@code quarter} on. */
  private static void blocksIn(float[] from, int f, int fromStride, float[] to, int t, int toStride, int columns,
      int quarter) {
    int r0 = f + quarter;
    int r1 = r0 + fromStride;
    int r2 = r1 + fromStride;
    int r3 = r2 + fromStride;
    int r4 = r3 + fromStride - 4;
    int r5 = r4 + fromStride;
    int r6 = r5 + fromStride;
    int r7 = r6 + fromStride;
    int c0 = t + quarter * toStride;
    int c1 = c0 + toStride;
    int c2 = c1 + toStride;
    int c3 = c2 + toStride;
    for (int c = 0; c < columns; c += 8) {
      FloatVector a0 = fromArray(EIGHT, from, r0 + c).blend(fromArray(EIGHT, from, r4 + c), UPPER_HALF);
      FloatVector a1 = fromArray(EIGHT, from, r1 + c).blend(fromArray(EIGHT, from, r5 + c), UPPER_HALF);
      FloatVector a2 = fromArray(EIGHT, from, r2 + c).blend(fromArray(EIGHT, from, r6 + c), UPPER_HALF);
      FloatVector a3 = fromArray(EIGHT, from, r3 + c).blend(fromArray(EIGHT, from, r7 + c), UPPER_HALF);
      FloatVector b0 = a0.blend(a2.rearrange(SWAP_PAIRS), UPPER_PAIRS);
      FloatVector b1 = a1.blend(a3.rearrange(SWAP_PAIRS), UPPER_PAIRS);
      FloatVector b2 = a0.rearrange(SWAP_PAIRS).blend(a2, UPPER_PAIRS);
      FloatVector b3 = a1.rearrange(SWAP_PAIRS).blend(a3, UPPER_PAIRS);
      int column = c * toStride;
      b0.blend(b1.rearrange(SWAP), ODD).intoArray(to, c0 + column);
      b0.rearrange(SWAP).blend(b1, ODD).intoArray(to, c1 + column);
      b2.blend(b3.rearrange(SWAP), ODD).intoArray(to, c2 + column);
      b2.rearrange(SWAP).blend(b3, ODD).intoArray(to, c3 + column);
    }
  }

  /** Of 8 columns the four from {@code quarter} on, 8 rows at a time. */
  private static void blocksOut(float[] from, int f, int fromStride, float[] to, int t, int toStride, int rows,
      int quarter) {
    int r0 = f + quarter;
    int r1 = r0 + fromStride;
    int r2 = r1 + fromStride;
    int r3 = r2 + fromStride;
    int r4 = r3 + fromStride - 4;
    int r5 = r4 + fromStride;
    int r6 = r5 + fromStride;
    int r7 = r6 + fromStride;
    int c0 = t + quarter * toStride;
    int c1 = c0 + toStride;
    int c2 = c1 + toStride;
    int c3 = c2 + toStride;
    for (int r = 0; r < rows; r += 8) {
      int row = r * fromStride;
      FloatVector a0 = fromArray(EIGHT, from, r0 + row).blend(fromArray(EIGHT, from, r4 + row), UPPER_HALF);
      FloatVector a1 = fromArray(EIGHT, from, r1 + row).blend(fromArray(EIGHT, from, r5 + row), UPPER_HALF);
      FloatVector a2 = fromArray(EIGHT, from, r2 + row).blend(fromArray(EIGHT, from, r6 + row), UPPER_HALF);
      FloatVector a3 = fromArray(EIGHT, from, r3 + row).blend(fromArray(EIGHT, from, r7 + row), UPPER_HALF);
      FloatVector b0 = a0.blend(a2.rearrange(SWAP_PAIRS), UPPER_PAIRS);
      FloatVector b1 = a1.blend(a3.rearrange(SWAP_PAIRS), UPPER_PAIRS);
      FloatVector b2 = a0.rearrange(SWAP_PAIRS).blend(a2, UPPER_PAIRS);
      FloatVector b3 = a1.rearrange(SWAP_PAIRS).blend(a3, UPPER_PAIRS);
      b0.blend(b1.rearrange(SWAP), ODD).intoArray(to, c0 + r);
      b0.rearrange(SWAP).blend(b1, ODD).intoArray(to, c1 + r);
      b2.blend(b3.rearrange(SWAP), ODD).intoArray(to, c2 + r);
      b2.rearrange(SWAP).blend(b3, ODD).intoArray(to, c3 + r);
    }
  }
}
