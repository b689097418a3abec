package org.halocline.transport;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One rank's end of a domain. Thread-safe: several chains (virtual threads) use it at once.
 *
 * <p>
 * Transfers need no tags beyond their chain: the k-th receive posted on (chain, from) takes the k-th send of that peer
 * on chain to this rank, zero-length ones counted. {@code phase} is not used for matching but must agree on both sides,
 * as must the length: where they differ, the program's ranks are out of step and both transfers fail with an error that
 * says both values. Where several threads use one (chain, peer) at once, they settle the order among themselves.
 *
 * <p>
 * A transfer never allocates per fragment. Blocks of length zero need no frame on the wire; the one consequence is that
 * a send of n &gt; 0 bytes against a post of 0 bytes is only found out by the peer's next post on that chain.
 */
public interface Link extends AutoCloseable {
  DomainMember membership();

  /**
   * Posts native memory for the next block of {@code from} on {@code chain}.
   *
   * @throws IllegalArgumentException heap or read-only memory, or a rank outside the domain
   */
  Transfer receive(int chain, int from, int phase, MemorySegment into);

  /**
   * Sends native memory to {@code to} on {@code chain}. Nothing leaves before the peer has posted for it.
   *
   * @throws IllegalArgumentException heap memory, or a rank outside the domain
   */
  Transfer send(int chain, int to, int phase, MemorySegment from);

  /**
   * Ends one chain of this rank: its open transfers fail with {@link TransferRevokedException}, and so does every later
   * one. Returns only when the data plane no longer touches their memory.
   */
  void revoke(int chain);

  /** As {@link #revoke(int)}, for all chains at once: the end of the domain for this rank. */
  void revoke();

  /**
   * What is open now, one line a transfer, for error messages: peer, chain, phase, bytes moved, what it waits for and
   * since when.
   */
  List<String> openTransfers();

  /** Revokes everything and leaves the domain; frames that still arrive are dropped and counted. */
  @Override
  void close();
}
