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
      blocks(from, row, fromStride, 1, to, t + r, toStride, toStride, whole, 0);
      blocks(from, row, fromStride, 1, to, t + r, toStride, toStride, whole, 4);
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
      blocks(from, f + c, fromStride, fromStride, to, column, toStride, 1, whole, 0);
      blocks(from, f + c, fromStride, fromStride, to, column, toStride, 1, whole, 4);
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

  /**
   * Transposes a row or a column of blocks of 8 × 8 numbers: of each block the four columns from {@code quarter} on.
   *
   * @param fromStep an eighth of the way from one block to the next, elements
   * @param toStep the same in {@code to}
   * @param count eight times the number of blocks
   */
  private static void blocks(float[] from, int f, int fromStride, int fromStep, float[] to, int t, int toStride,
      int toStep, int count, int quarter) {
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
    for (int i = 0; i < count; i += 8) {
      int a = i * fromStep;
      int b = i * toStep;
      FloatVector a0 = fromArray(EIGHT, from, r0 + a).blend(fromArray(EIGHT, from, r4 + a), UPPER_HALF);
      FloatVector a1 = fromArray(EIGHT, from, r1 + a).blend(fromArray(EIGHT, from, r5 + a), UPPER_HALF);
      FloatVector a2 = fromArray(EIGHT, from, r2 + a).blend(fromArray(EIGHT, from, r6 + a), UPPER_HALF);
      FloatVector a3 = fromArray(EIGHT, from, r3 + a).blend(fromArray(EIGHT, from, r7 + a), UPPER_HALF);
      FloatVector b0 = a0.blend(a2.rearrange(SWAP_PAIRS), UPPER_PAIRS);
      FloatVector b1 = a1.blend(a3.rearrange(SWAP_PAIRS), UPPER_PAIRS);
      FloatVector b2 = a0.rearrange(SWAP_PAIRS).blend(a2, UPPER_PAIRS);
      FloatVector b3 = a1.rearrange(SWAP_PAIRS).blend(a3, UPPER_PAIRS);
      b0.blend(b1.rearrange(SWAP), ODD).intoArray(to, c0 + b);
      b0.rearrange(SWAP).blend(b1, ODD).intoArray(to, c1 + b);
      b2.blend(b3.rearrange(SWAP), ODD).intoArray(to, c2 + b);
      b2.rearrange(SWAP).blend(b3, ODD).intoArray(to, c3 + b);
    }
  }
}
