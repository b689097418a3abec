package org.halocline.cosmology.fft.vector;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.halocline.cosmology.fft.Green;

/**
 * The transform of one length as passes of butterflies over a tile, in place and unnormalised. Forward (sign e^{−i…})
 * decimates in frequency: natural order in, {@link #frequency} order out. Inverse is its transpose, from that order
 * back to the natural one. So nothing is sorted but by the moves into a tile and out of it. Immutable, shared by all
 * lanes.
 */
final class Passes {
  /** Floats of a tile that a first-level cache holds beside all else; a longer line is finished part by part. */
  private static final int NEAR = 6144;

  private static final Map<Integer, Optional<Passes>> LENGTHS = new ConcurrentHashMap<>();

  private final int n;
  private final int[] radices;
  private final Butterflies[] forward;
  private final Butterflies[] inverse;
  /** The first and the last pass of each direction where it is one that reads or writes rows. */
  private final Optional<Butterflies> forwardFromRows;
  private final Optional<Butterflies> forwardToRows;
  private final Optional<Butterflies> inverseFromRows;
  private final Optional<Butterflies> inverseToRows;
  /** Length of a block before each pass, and 1. */
  private final int[] spans;
  private final int[] frequency;
  private final int[] element;
  /** Runs of elements that are independent after the first pass and are finished one after the other. */
  private final int parts;

  private Passes(int[] radices) {
    this.radices = radices;
    int product = 1;
    for (int radix : radices)
      product *= radix;
    n = product;
    spans = new int[radices.length + 1];
    spans[0] = n;
    for (int pass = 0; pass < radices.length; pass++)
      spans[pass + 1] = spans[pass] / radices[pass];
    frequency = new int[n];
    element = new int[n];
    for (int e = 0; e < n; e++) {
      frequency[e] = frequency(e);
      element[frequency[e]] = e;
    }
    float[][] twiddles = new float[radices.length][];
    Arrays.setAll(twiddles, pass -> twiddles(radices[pass], spans[pass]));
    forward = new Butterflies[radices.length];
    inverse = new Butterflies[radices.length];
    Arrays.setAll(forward, pass -> butterflies(pass, false, false, twiddles[pass]));
    Arrays.setAll(inverse, pass -> butterflies(pass, true, false, twiddles[pass]));
    int last = radices.length - 1;
    boolean fromRows = last > 0 && radices[0] % 4 == 0;
    boolean toRows = last > 0 && radices[last] % 4 == 0;
    forwardFromRows = fromRows ? Optional.of(butterflies(0, false, true, twiddles[0])) : Optional.empty();
    inverseToRows = fromRows ? Optional.of(butterflies(0, true, true, twiddles[0])) : Optional.empty();
    forwardToRows = toRows ? Optional.of(butterflies(last, false, true, twiddles[last])) : Optional.empty();
    inverseFromRows = toRows ? Optional.of(butterflies(last, true, true, twiddles[last])) : Optional.empty();
    parts = n * Lanes.ELEMENT > NEAR && radices.length > 2 ? radices[0] : 1;
  }

  /** The last pass of a radix of 4 or 8 has no factors but 1. */
  private Butterflies butterflies(int pass, boolean inverse, boolean rows, float[] twiddles) {
    int radix = radices[pass];
    boolean twiddled = spans[pass + 1] > 1 || radix % 4 != 0;
    return Butterflies.of(new Butterflies.Shape(radix, inverse, twiddled, rows), spans[pass + 1], twiddles, frequency);
  }

  /** The passes of a length; empty where it has a prime factor above 7. */
  static Optional<Passes> of(int n) {
    return LENGTHS.computeIfAbsent(n, Passes::create);
  }

  private static Optional<Passes> create(int n) {
    IntStream.Builder odd = IntStream.builder();
    int rest = n;
    for (int prime : new int[]{7, 5, 3})
      for (; rest % prime == 0; rest /= prime)
        odd.add(prime);
    int twos = Integer.numberOfTrailingZeros(rest);
    if (rest != 1 << twos)
      return Optional.empty();
    // First and last are radices that read and write rows; the last is cheapest, as it has no twiddle factors.
    IntStream first = switch (twos) {
      case 0 -> IntStream.empty();
      case 1 -> IntStream.of(2);
      default -> IntStream.of(twos % 2 == 0 ? 4 : 8);
    };
    IntStream last = IntStream.generate(() -> 4).limit(Math.max(0, twos / 2 - 1));
    return Optional.of(new Passes(Stream.of(first, odd.build(), last).flatMapToInt(Function.identity()).toArray()));
  }

  /** cos θ, sin θ, −sin θ of θ = 2π jk/length, for k below length / radix and within that for j = 1 … radix−1. */
  private static float[] twiddles(int radix, int length) {
    int q = length / radix;
    float[] table = new float[Twiddle.FLOATS * (radix - 1) * q];
    int at = 0;
    for (int k = 0; k < q; k++)
      for (int j = 1; j < radix; j++, at += Twiddle.FLOATS)
        Twiddle.put(table, at, j * k, length);
    return table;
  }

  private int frequency(int e) {
    int frequency = 0;
    for (int pass = 0; pass < radices.length; pass++)
      frequency += n / spans[pass] * (e % spans[pass] / spans[pass + 1]);
    return frequency;
  }

  int n() {
    return n;
  }

  /** At which element each frequency stands; not to be written. */
  int[] element() {
    return element;
  }

  /** The tile at {@code at}, in place. */
  void forward(float[] tile, int at) {
    forward(tile, at, 0, radices.length, n);
  }

  /** The tile at {@code at}, in place. */
  void inverse(float[] tile, int at) {
    inverse(tile, at, 0, radices.length, n);
  }

  /** A whole bundle in place: element e of lane l at {@code e · stride + l}; the tile is scratch. */
  void forward(float[] data, int re, int im, int stride, float[] tile) {
    enter(data, re, im, stride, tile);
    for (int part = 0; part < parts; part++) {
      forwardInner(tile, part);
      int begin = part * blocks();
      if (forwardToRows.isPresent())
        forwardToRows.get().run(tile, begin * lastRadix() * Lanes.ELEMENT, blocks(), data, re, im, stride);
      else {
        forwardLast(tile, part);
        Rows.out(tile, begin * lastRadix(), (begin + blocks()) * lastRadix(), frequency, data, re, im, stride);
      }
    }
  }

  /** As {@link #forward(float[], int, int, int, float[])}, with the other sign. */
  void inverse(float[] data, int re, int im, int stride, float[] tile) {
    for (int part = 0; part < parts; part++) {
      int begin = part * blocks();
      if (inverseFromRows.isPresent())
        inverseFromRows.get().run(tile, begin * lastRadix() * Lanes.ELEMENT, blocks(), data, re, im, stride);
      else {
        Rows.in(data, re, im, stride, frequency, tile, begin * lastRadix(), (begin + blocks()) * lastRadix());
        inverseFirst(tile, part);
      }
      inverseInner(tile, part);
    }
    leave(tile, data, re, im, stride);
  }

  /** As the other {@code solve}, of the tile from its start on; squares may be 0. */
  void solve(float[] tile, Green green, float[] squares) {
    forward(tile, 0);
    Rows.multiply(tile, 0, n, frequency, green, squares);
    inverse(tile, 0);
  }

  /** Forward, times Green's function, inverse; squares: ky² + kz² of the lanes, none of them 0. */
  void solve(float[] data, int re, int im, int stride, float[] tile, Green green, float[] squares) {
    enter(data, re, im, stride, tile);
    for (int part = 0; part < parts; part++) {
      forwardInner(tile, part);
      int begin = part * blocks();
      if (lastRadix() == 4 && radices.length > 1)
        Solve4.solve(tile, begin, begin + blocks(), frequency, green.x(), squares, green.factor());
      else {
        forwardLast(tile, part);
        Rows.multiply(tile, begin * lastRadix(), (begin + blocks()) * lastRadix(), frequency, green, squares);
        inverseFirst(tile, part);
      }
      inverseInner(tile, part);
    }
    leave(tile, data, re, im, stride);
  }

  private int lastRadix() {
    return radices.length < 2 ? n : radices[radices.length - 1];
  }

  /** Blocks of the last radix in one part. */
  private int blocks() {
    return n / lastRadix() / parts;
  }

  /** The first pass, from rows. */
  private void enter(float[] data, int re, int im, int stride, float[] tile) {
    if (forwardFromRows.isPresent())
      forwardFromRows.get().run(tile, 0, 1, data, re, im, stride);
    else {
      Rows.in(data, re, im, stride, n, tile);
      forward(tile, 0, 0, Math.min(1, radices.length), n);
    }
  }

  /** The inverse's last pass, to rows. */
  private void leave(float[] tile, float[] data, int re, int im, int stride) {
    if (inverseToRows.isPresent())
      inverseToRows.get().run(tile, 0, 1, data, re, im, stride);
    else {
      inverse(tile, 0, 0, Math.min(1, radices.length), n);
      Rows.out(tile, n, data, re, im, stride);
    }
  }

  /** All passes of a part but the first and the last. */
  private void forwardInner(float[] tile, int part) {
    forward(tile, part * (n / parts) * Lanes.ELEMENT, 1, radices.length - 1, n / parts);
  }

  private void inverseInner(float[] tile, int part) {
    inverse(tile, part * (n / parts) * Lanes.ELEMENT, 1, radices.length - 1, n / parts);
  }

  private void forwardLast(float[] tile, int part) {
    if (radices.length > 1)
      forward(tile, part * (n / parts) * Lanes.ELEMENT, radices.length - 1, radices.length, n / parts);
  }

  private void inverseFirst(float[] tile, int part) {
    if (radices.length > 1)
      inverse(tile, part * (n / parts) * Lanes.ELEMENT, radices.length - 1, radices.length, n / parts);
  }

  /** Passes [first, end) over a run of {@code length} elements. */
  private void forward(float[] t, int at, int first, int end, int length) {
    for (int pass = first; pass < end; pass++)
      forward[pass].run(t, at, length / spans[pass]);
  }

  private void inverse(float[] t, int at, int first, int end, int length) {
    for (int pass = end - 1; pass >= first; pass--)
      inverse[pass].run(t, at, length / spans[pass]);
  }
}
