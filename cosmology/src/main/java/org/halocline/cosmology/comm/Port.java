package org.halocline.cosmology.comm;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.halocline.cosmology.kernel.Staged;

/**
 * How the numerics of one chain on one rank reaches the other ranks of its domain. Every rank makes the same calls in
 * the same order. Only the chain's own thread calls it. The port never sees fields of a lane, only staging memory.
 */
public interface Port {

  int rank();

  int ranks();

  /**
   * Begins to send and receive parcels and returns at once; their memory is the port's until {@link Exchange#finish}.
   * The k-th parcel a rank sends another, counted as exchanges are begun, is the k-th that one receives from it:
   * phases, lengths and the order of beginning must agree between two ranks, the order of finishing need not. Any
   * number may be under way.
   *
   * @throws RevokedException when the chain was cancelled or its domain came to an end
   */
  Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives);

  /**
   * As {@link #begin(Phase, List, List)}, once these copies are done. A copy fills the memory that is sent, or empties
   * the memory that receives. The port may wait for the copies at once, or begin the exchange later.
   */
  default Exchange begin(List<Staged> copies, Phase phase, List<Parcel> sends, List<Parcel> receives) {
    copies.forEach(Staged::await);
    return begin(phase, sends, receives);
  }

  /** {@link #begin(Phase, List, List)} and {@link Exchange#finish}. */
  default void exchange(Phase phase, List<Parcel> sends, List<Parcel> receives) {
    begin(phase, sends, receives).finish();
  }

  /**
   * A point at which the chain may be stopped and its lane handed to another chain. Programs call it between kernels.
   *
   * @throws RevokedException when the chain was cancelled or its domain came to an end
   */
  void yieldPoint();

  /** Counts time that the chain has spent on packing or unpacking parcels. */
  default void copied(long ns) {}

  /** Parcels under way. Finished once, by the chain's own thread. */
  interface Exchange {

    /**
     * Returns when all parcels are done: received memory is filled and sent memory may be used again. While it waits,
     * the lane is free for another chain.
     *
     * @throws RevokedException when the chain was cancelled or its domain came to an end; all other exchanges under way
     * have then ended too
     */
    void finish();
  }

  /** A parcel: the peer's rank and native staging memory. */
  record Parcel(int peer, MemorySegment memory) {}

  /** What a transfer is for; both ends must agree. */
  enum Phase {
    HALO_FILL, HALO_ADD, PENCIL, SUM, GATHER, BROADCAST
  }

  /** The chain was cancelled, or its domain came to an end, while it ran. Unwinds the chain's thread. */
  final class RevokedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RevokedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The port of a domain of one rank, whose chain unwinds when its thread is interrupted. */
  static Port solo() {
    return solo(() -> {
      if (Thread.currentThread().isInterrupted())
        throw new RevokedException("interrupted", null);
    });
  }

  /**
   * The port of a domain of one rank: it has no peers.
   *
   * @param yielding what the chain does at each {@link #yieldPoint}, and where it would wait for an exchange
   */
  static Port solo(Runnable yielding) {
    return new Port() {
      @Override
      public int rank() {
        return 0;
      }

      @Override
      public int ranks() {
        return 1;
      }

      @Override
      public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
        if (!sends.isEmpty() || !receives.isEmpty())
          throw new IllegalStateException("a domain of one rank has no peers");
        return yielding::run;
      }

      @Override
      public void yieldPoint() {
        yielding.run();
      }
    };
  }
}
