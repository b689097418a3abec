package org.halocline.transport.plane;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import org.halocline.transport.Transfer;
import org.halocline.transport.TransferFailedException;
import org.halocline.transport.TransferRevokedException;

/**
 * The one object of a transfer: the caller's handle, the command that submits it, and the progress that the data
 * plane's thread keeps. Plain fields below {@code sequence} belong to that thread.
 */
final class OpenTransfer implements Transfer, Command {
  private sealed interface Outcome {
    record Done() implements Outcome {}

    record Revoked(String why) implements Outcome {}

    record Failed(String why) implements Outcome {}
  }

  final RankState rank;
  final boolean sending;
  final int chain;
  final int peer;
  final int phase;
  final long length;
  final long address;
  /** Held so that automatically managed memory lives as long as the transfer. */
  private final MemorySegment memory;
  private final long submittedNs;

  long sequence = -1;
  /** A send's unsent bytes are [low, high); a receive's arrived bytes are counted in low. */
  long low;
  long high;
  boolean credited;

  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  OpenTransfer(RankState rank, boolean sending, int chain, int peer, int phase, MemorySegment memory, long nowNs) {
    this.rank = rank;
    this.sending = sending;
    this.chain = chain;
    this.peer = peer;
    this.phase = phase;
    this.memory = memory;
    this.length = memory.byteSize();
    this.address = memory.address();
    this.high = length;
    this.submittedNs = nowNs;
  }

  @Override
  public boolean isDone() {
    return outcome.isDone();
  }

  /** An interrupt does not end the wait: {@code join} keeps it. */
  @Override
  public void await() {
    switch (outcome.join()) {
      case Outcome.Done _ -> {
      }
      case Outcome.Revoked(String why) -> throw new TransferRevokedException(title() + ": " + why);
      case Outcome.Failed(String why) -> throw new TransferFailedException(title() + ": " + why);
    }
  }

  /** Ends the transfer well. Only the first end counts. */
  void complete() {
    outcome.complete(new Outcome.Done());
  }

  void revoke(String why) {
    outcome.complete(new Outcome.Revoked(why));
  }

  void fail(String why) {
    outcome.complete(new Outcome.Failed(why));
  }

  String title() {
    return (sending ? "send to rank " : "receive from rank ") + peer + " (" + rank.membership() + "; chain " + chain
        + ", phase " + phase + ", "
        + (sequence < 0 ? "not yet numbered, " : "transfer " + sequence + ", ") + length + " bytes)";
  }

  /** One line of diagnostics; exact when called on the data plane's thread. */
  String describe(long nowNs) {
    long moved = sending ? length - (high - low) : low;
    String state = isDone()
        ? "ended"
        : credited || moved > 0
            ? moved + " bytes moved"
            : sending
                ? "waits for the peer to post"
                : rank.isUp(peer) ? "waits for the peer to send" : "waits for the peer to join";
    return title() + ": " + state + ", " + (nowNs - submittedNs) / 1_000_000 + " ms";
  }

  @Override
  public String toString() {
    return describe(System.nanoTime());
  }
}
