package org.halocline.cosmology.fft.vector;

import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One pass of butterflies of one radix over a bundle of lines. A length has its own factors; the code is shared by all
 * lengths and made by {@link ButterflyCode} when it is first needed. Immutable.
 */
abstract class Butterflies {
  private static final Map<Shape, MethodHandle> CONSTRUCTORS = new ConcurrentHashMap<>();

  /**
   * What distinguishes the code of one pass from that of another.
   *
   * @param radix 2, 3, 4, 5, 7 or 8
   * @param inverse the transpose of the forward pass, conjugated
   * @param twiddled whether a butterfly's elements have twiddle factors: after a forward butterfly, before an inverse
   * one
   * @param rows whether a line's elements are read from rows of an array (a forward pass with factors, an inverse one
   * without) or written to them (the two others), which saves a move; otherwise the pass is in place
   */
  record Shape(int radix, boolean inverse, boolean twiddled, boolean rows) {
    boolean fromRows() {
      return rows && inverse != twiddled;
    }

    boolean toRows() {
      return rows && inverse == twiddled;
    }
  }

  /** Elements between those of a butterfly; 1 without factors. */
  final int q;
  /** For each butterfly of a block and each of its elements but the first: cos θ, sin θ, −sin θ. */
  final float[] table;
  /** Which frequency stands at each element of the line. */
  final int[] frequency;

  Butterflies(int q, float[] table, int[] frequency) {
    this.q = q;
    this.table = table;
    this.frequency = frequency;
  }

  static Butterflies of(Shape shape, int q, float[] table, int[] frequency) {
    try {
      return (Butterflies) CONSTRUCTORS.computeIfAbsent(shape, ButterflyCode::constructor)
          .invokeExact(q, table, frequency);
    } catch (Throwable e) {
      throw new IllegalStateException("no passes of " + shape, e);
    }
  }

  /** A pass in place: blocks of radix · q elements of the tile from {@code at} on. */
  final void run(float[] tile, int at, int blocks) {
    run(tile, at, blocks, tile, 0, 0, 0);
  }

  /**
   * A pass between the tile and rows of an array. With factors it is the line's one block, and rows are in natural
   * order; without, it is some of the line's blocks, and rows are in the order of frequencies.
   *
   * @param at where the tile's first block begins
   * @param re of the first row
   * @param im of the first row
   * @param stride from row to row
   */
  abstract void run(float[] tile, int at, int blocks, float[] data, int re, int im, int stride);
}
