package org.halocline.transport.plane;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.halocline.transport.DomainMember;
import org.halocline.transport.Link;
import org.halocline.transport.Transfer;

/** The callers' side of a rank: checks arguments and hands commands to the data plane's thread. */
record RankLink(TransferAgent agent, RankState rank) implements Link {
  @Override
  public DomainMember membership() {
    return rank.membership();
  }

  @Override
  public Transfer receive(int chain, int from, int phase, MemorySegment into) {
    if (into.isReadOnly())
      throw new IllegalArgumentException("cannot receive into read-only memory: " + into);
    return submit(false, chain, from, phase, into);
  }

  @Override
  public Transfer send(int chain, int to, int phase, MemorySegment from) {
    return submit(true, chain, to, phase, from);
  }

  private Transfer submit(boolean sending, int chain, int peer, int phase, MemorySegment memory) {
    if (!memory.isNative())
      throw new IllegalArgumentException("memory must be native, off the heap, but is " + memory);
    if (peer < 0 || peer >= membership().ranks().size())
      throw new IllegalArgumentException("peer = " + peer + " is not a rank of " + membership());
    OpenTransfer transfer = new OpenTransfer(rank, sending, chain, peer, phase, memory, System.nanoTime());
    agent.submit(transfer);
    return transfer;
  }

  @Override
  public void revoke(int chain) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    agent.submit(new Command.Revoke(rank, chain, done));
    done.join();
  }

  @Override
  public void revoke() {
    leave(false);
  }

  @Override
  public void close() {
    leave(true);
  }

  private void leave(boolean forGood) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    agent.submit(new Command.Leave(rank, forGood, done));
    done.join();
  }

  @Override
  public List<String> openTransfers() {
    CompletableFuture<List<String>> lines = new CompletableFuture<>();
    agent.submit(new Command.Describe(rank, lines));
    return lines.join();
  }

  @Override
  public String toString() {
    return "link of " + membership();
  }
}
