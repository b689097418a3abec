package org.halocline.cosmology.fft.vector;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Transforms of a bundle of real lines of one length within a tile. Immutable, shared by all lanes. */
sealed interface RealLines permits EvenLines, OddLines {

  /** The transform of a length; empty where it has a prime factor above 7. */
  static Optional<RealLines> of(int n) {
    return Lengths.KNOWN.computeIfAbsent(n, length -> length % 2 == 0
        ? Passes.of(length / 2).map(EvenLines::of)
        : Passes.of(length).map(OddLines::new));
  }

  /** What {@link #of} has made. */
  final class Lengths {
    private static final Map<Integer, Optional<RealLines>> KNOWN = new ConcurrentHashMap<>();

    private Lengths() {}
  }

  int n();

  /** Floats from one real vector to the next. */
  int realStep();

  /**
   * n real vectors from {@code at} on, which are overwritten, become n/2+1 complex ones from {@code to} on, in natural
   * order.
   */
  void forward(float[] tile, int at, int to);

  /** n/2+1 complex vectors from {@code from} on become n real ones from {@code at} on: n times what they were. */
  void inverse(float[] tile, int from, int at);
}
