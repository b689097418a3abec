package org.halocline.cosmology.mesh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums, maxima, broadcasts and gathers of a few numbers over the ranks of a domain, on top of a {@link Port}. Rank 0
 * combines and sends the result back, so every rank holds the same bits. Used by the chain's own thread only; its staging
 * memory lives as long as the arena given.
 */
public final class Collectives {
  private final Port port;
  private final Arena arena;
  private final MemorySegment[] staging;

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
    long[][] all = gatherWords(words);
    if (port.rank() == 0) {
      for (int peer = 1; peer < all.length; peer++)
        for (int i = 0; i < sums.length; i++)
          sums[i].addStored(all[peer], i * ExactSum.WORDS);
      for (int i = 0; i < sums.length; i++)
        sums[i].store(words, i * ExactSum.WORDS);
    }
    broadcastWords(words);
    for (int i = 0; i < sums.length; i++) {
      sums[i].clear();
      sums[i].addStored(words, i * ExactSum.WORDS);
    }
  }

  /** The largest over the ranks; NaN if any rank holds NaN. */
  public double max(double value) {
    double[] values = {value};
    max(values);
    return values[0];
  }

  /** Replaces every element by its largest over the ranks; NaN wins. */
  public void max(double[] values) {
    if (port.ranks() == 1)
      return;
    long[] words = toWords(values);
    long[][] all = gatherWords(words);
    if (port.rank() == 0) {
      for (int peer = 1; peer < all.length; peer++)
        for (int i = 0; i < values.length; i++)
          values[i] = Math.max(values[i], Double.longBitsToDouble(all[peer][i]));
      words = toWords(values);
    }
    broadcastWords(words);
    fromWords(words, values);
  }

  /** Replaces the array's content on every rank by rank 0's. */
  public void broadcast(double[] values) {
    if (port.ranks() == 1)
      return;
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
    if (port.rank() != 0) {
      MemorySegment memory = staging(0, values.length);
      MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_DOUBLE, 0, values.length);
      port.exchange(Port.Phase.GATHER, List.of(new Port.Parcel(0, memory)), List.of());
      return new double[0][];
    }
    List<Port.Parcel> receives = new ArrayList<>();
    for (int peer = 1; peer < port.ranks(); peer++)
      receives.add(new Port.Parcel(peer, staging(peer, lengths[peer])));
    port.exchange(Port.Phase.GATHER, List.of(), receives);
    double[][] all = new double[port.ranks()][];
    all[0] = values;
    for (int peer = 1; peer < all.length; peer++)
      all[peer] = receives.get(peer - 1).memory().toArray(ValueLayout.JAVA_DOUBLE);
    return all;
  }

  private long[][] gatherWords(long[] words) {
    if (port.rank() != 0) {
      MemorySegment memory = staging(0, words.length);
      MemorySegment.copy(words, 0, memory, ValueLayout.JAVA_LONG, 0, words.length);
      port.exchange(Port.Phase.SUM, List.of(new Port.Parcel(0, memory)), List.of());
      return new long[0][];
    }
    List<Port.Parcel> receives = new ArrayList<>();
    for (int peer = 1; peer < port.ranks(); peer++)
      receives.add(new Port.Parcel(peer, staging(peer, words.length)));
    port.exchange(Port.Phase.SUM, List.of(), receives);
    long[][] all = new long[port.ranks()][];
    all[0] = words;
    for (int peer = 1; peer < all.length; peer++)
      all[peer] = receives.get(peer - 1).memory().toArray(ValueLayout.JAVA_LONG);
    return all;
  }

  private void broadcastWords(long[] words) {
    MemorySegment memory = staging(0, words.length);
    if (port.rank() == 0) {
      MemorySegment.copy(words, 0, memory, ValueLayout.JAVA_LONG, 0, words.length);
      List<Port.Parcel> sends = new ArrayList<>();
      for (int peer = 1; peer < port.ranks(); peer++)
        sends.add(new Port.Parcel(peer, memory));
      port.exchange(Port.Phase.BROADCAST, sends, List.of());
    } else {
      port.exchange(Port.Phase.BROADCAST, List.of(), List.of(new Port.Parcel(0, memory)));
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
