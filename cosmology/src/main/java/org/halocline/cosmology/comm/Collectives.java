package org.halocline.cosmology.comm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.halocline.cosmology.comm.Port.Exchange;
import org.halocline.cosmology.comm.Port.Parcel;
import org.halocline.cosmology.comm.Port.Phase;
import org.halocline.cosmology.kernel.ExactSum;

/**
 * Sums, maxima, broadcasts and gathers of a few numbers over the ranks of a domain, on top of a {@link Port}. Few ranks
 * tell each other all they have and combine it alike; of many, rank 0 combines and sends the result back. Sums are
 * exact, so every rank holds the same bits either way. Used by the chain's own thread only; its staging memory lives as
 * long as the arena given.
 */
public final class Collectives {
  /** Up to so many ranks, a message to everyone is quicker than two hops. */
  private static final int FEW = 8;

  private final Port port;
  private final Arena arena;
  private final MemorySegment[] staging;
  private boolean combining;

  public Collectives(Port port, Arena arena) {
    this.port = port;
    this.arena = arena;
    this.staging = new MemorySegment[port.ranks()];
  }

  public Port port() {
    return port;
  }

  /** Replaces every sum by its total over the ranks. */
  public void sum(ExactSum... sums) {
    if (port.ranks() == 1)
      return;
    long[] words = new long[sums.length * ExactSum.WORDS];
    for (int i = 0; i < sums.length; i++)
      sums[i].store(words, i * ExactSum.WORDS);
    combine(words, (own, other) -> {
      for (int i = 0; i < sums.length; i++) {
        sums[i].clear();
        sums[i].addStored(own, i * ExactSum.WORDS);
        sums[i].addStored(other, i * ExactSum.WORDS);
        sums[i].store(own, i * ExactSum.WORDS);
      }
    }).finish();
    for (int i = 0; i < sums.length; i++) {
      sums[i].clear();
      sums[i].addStored(words, i * ExactSum.WORDS);
    }
  }

  /** Replaces every element by its largest over the ranks; NaN wins. */
  public void max(double[] values) {
    beginMax(values).finish();
  }

  /**
   * As {@link #max(double[])}, of the values as they are now; they are replaced at the end. Nothing else may be begun
   * here meanwhile.
   */
  public Exchange beginMax(double[] values) {
    if (port.ranks() == 1)
      return () -> {};
    long[] words = toWords(values);
    Exchange combining = combine(words, (own, other) -> {
      for (int i = 0; i < own.length; i++)
        own[i] = Double.doubleToRawLongBits(
            Math.max(Double.longBitsToDouble(own[i]), Double.longBitsToDouble(other[i])));
    });
    return () -> {
      combining.finish();
      fromWords(words, values);
    };
  }

  /** Replaces the array's content on every rank by rank 0's. */
  public void broadcast(double[] values) {
    if (port.ranks() == 1)
      return;
    requireIdle();
    long[] words = toWords(values);
    broadcastWords(words);
    fromWords(words, values);
  }

  /**
   * Every rank's array on rank 0, by rank; empty elsewhere.
   *
   * @param lengths of the ranks' arrays, known to all; they may differ
   */
  public double[][] gather(double[] values, int[] lengths) {
    if (port.ranks() == 1)
      return new double[][]{values};
    requireIdle();
    if (port.rank() != 0) {
      MemorySegment memory = staging(0, values.length);
      MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_DOUBLE, 0, values.length);
      port.exchange(Phase.GATHER, List.of(new Parcel(0, memory)), List.of());
      return new double[0][];
    }
    List<Parcel> receives = new ArrayList<>();
    for (int peer = 1; peer < port.ranks(); peer++)
      receives.add(new Parcel(peer, staging(peer, lengths[peer])));
    port.exchange(Phase.GATHER, List.of(), receives);
    double[][] all = new double[port.ranks()][];
    all[0] = values;
    for (int peer = 1; peer < all.length; peer++)
      all[peer] = receives.get(peer - 1).memory().toArray(ValueLayout.JAVA_DOUBLE);
    return all;
  }

  /** All share one staging memory. */
  private void requireIdle() {
    if (combining)
      throw new IllegalStateException("a sum or maximum is under way");
  }

  /** Takes in what another rank has; in any order with the same result. */
  private interface Combination {
    void take(long[] own, long[] other);
  }

  /** Combines the words of all ranks into those of each. */
  private Exchange combine(long[] words, Combination combination) {
    requireIdle();
    combining = true;
    boolean few = port.ranks() <= FEW;
    boolean collects = few || port.rank() == 0;
    MemorySegment own = staging(port.rank(), words.length);
    MemorySegment.copy(words, 0, own, ValueLayout.JAVA_LONG, 0, words.length);
    List<Parcel> sends = new ArrayList<>();
    List<Parcel> receives = new ArrayList<>();
    for (int peer = 0; peer < port.ranks(); peer++) {
      if (peer == port.rank())
        continue;
      if (few || peer == 0)
        sends.add(new Parcel(peer, own));
      if (collects)
        receives.add(new Parcel(peer, staging(peer, words.length)));
    }
    Exchange gathering = port.begin(Phase.SUM, sends, receives);
    return () -> {
      gathering.finish();
      combining = false;
      for (Parcel parcel : receives)
        combination.take(words, parcel.memory().toArray(ValueLayout.JAVA_LONG));
      if (!few)
        broadcastWords(words);
    };
  }

  private void broadcastWords(long[] words) {
    MemorySegment memory = staging(0, words.length);
    if (port.rank() == 0) {
      MemorySegment.copy(words, 0, memory, ValueLayout.JAVA_LONG, 0, words.length);
      List<Parcel> sends = new ArrayList<>();
      for (int peer = 1; peer < port.ranks(); peer++)
        sends.add(new Parcel(peer, memory));
      port.exchange(Phase.BROADCAST, sends, List.of());
    } else {
      port.exchange(Phase.BROADCAST, List.of(), List.of(new Parcel(0, memory)));
      MemorySegment.copy(memory, ValueLayout.JAVA_LONG, 0, words, 0, words.length);
    }
  }

  private MemorySegment staging(int peer, int words) {
    long bytes = 8L * words;
    long held = staging[peer] == null ? 0 : staging[peer].byteSize();
    if (bytes > held || held == 0)
      staging[peer] = arena.allocate(Math.max(bytes, Math.max(4096, 2 * held)), 64);
    return staging[peer].asSlice(0, bytes);
  }

  private static long[] toWords(double[] values) {
    long[] words = new long[values.length];
    for (int i = 0; i < words.length; i++)
      words[i] = Double.doubleToRawLongBits(values[i]);
    return words;
  }

  private static void fromWords(long[] words, double[] values) {
    for (int i = 0; i < words.length; i++)
      values[i] = Double.longBitsToDouble(words[i]);
  }
}
