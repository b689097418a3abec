package org.halocline.transport.plane;

import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Pairs the k-th post with the k-th send, for one rank, chain and peer. Credits arrive in order (one publication, one
 * thread at either end, and shaking leaves them alone), so a gap between them is a post of zero bytes. Owned by the
 * data plane's thread.
 */
final class Pairing {
  private record Credit(long sequence, int phase, long length) {}

  private final RankState rank;
  private final int chain;
  private final int peer;
  private final ArrayDeque<OpenTransfer> uncredited = new ArrayDeque<>(4);
  private final ArrayDeque<Credit> early = new ArrayDeque<>(4);
  private final Long2ObjectHashMap<OpenTransfer> receives = new Long2ObjectHashMap<>();
  private final ArrayDeque<OpenTransfer> sending = new ArrayDeque<>(4);
  private long nextSend;
  private long nextReceive;
  private long lastCredit = -1;

  Pairing(RankState rank, int chain, int peer) {
    this.rank = rank;
    this.chain = chain;
    this.peer = peer;
  }

  void receive(OpenTransfer receive) {
    receive.sequence = nextReceive++;
    if (receive.length == 0) {
      rank.complete(receive);
      return;
    }
    receives.put(receive.sequence, receive);
    rank.sendWhenUp(ControlFrame.credit(receive));
  }

  void send(OpenTransfer send) {
    send.sequence = nextSend++;
    Credit first = early.peek();
    if (first != null && first.sequence == send.sequence) {
      early.remove();
      rank.earlyCredits--;
      match(send, first.phase, first.length);
    } else if (send.length == 0)
      rank.complete(send);
    else if (lastCredit > send.sequence)
      rank.fail(send, postedNothing());
    else
      uncredited.add(send);
  }

  /** The peer has posted memory. Returns false when the frame makes no sense. */
  boolean onCredit(long sequence, int phase, long length) {
    if (sequence <= lastCredit || length <= 0)
      return false;
    if (sequence >= nextSend && rank.earlyCredits >= RankState.MAX_EARLY_CREDITS)
      return false;
    lastCredit = sequence;
    while (!uncredited.isEmpty() && uncredited.peek().sequence < sequence)
      rank.fail(uncredited.remove(), postedNothing());
    if (!uncredited.isEmpty() && uncredited.peek().sequence == sequence)
      match(uncredited.remove(), phase, length);
    else if (sequence >= nextSend) {
      early.add(new Credit(sequence, phase, length));
      rank.earlyCredits++;
    } else
      rank.sendWhenUp(ControlFrame.mismatch(rank, peer, chain, phase, sequence, 0));
    return true;
  }

  private void match(OpenTransfer send, int phase, long length) {
    if (send.length == length && send.phase == phase) {
      send.credited = true;
      sending.add(send);
      rank.channel(peer).start(send);
    } else {
      rank.sendWhenUp(ControlFrame.mismatch(rank, peer, chain, send.phase, send.sequence, send.length));
      rank.fail(send, disagreement("sent here", send, "posted by the peer", phase, length));
    }
  }

  boolean onMismatch(long sequence, int phase, long length) {
    OpenTransfer receive = receives.remove(sequence);
    if (receive == null)
      return false;
    rank.fail(receive, disagreement("posted here", receive, "sent by the peer", phase, length));
    return true;
  }

  /** The receive that a DATA frame belongs to, or null. */
  OpenTransfer posted(long sequence) {
    return receives.get(sequence);
  }

  void arrived(OpenTransfer receive) {
    receives.remove(receive.sequence);
    rank.complete(receive);
  }

  void sent(OpenTransfer send) {
    sending.remove(send);
    rank.complete(send);
  }

  /** Ends everything that is open here. */
  void end(TransferEnd how) {
    uncredited.forEach(how::end);
    sending.forEach(how::end);
    receives.values().forEach(how::end);
    rank.earlyCredits -= early.size();
    uncredited.clear();
    sending.clear();
    receives.clear();
    early.clear();
  }

  void forEach(TransferEnd visitor) {
    receives.values().forEach(visitor::end);
    uncredited.forEach(visitor::end);
    sending.forEach(visitor::end);
  }

  /** What to do with an open transfer. */
  @FunctionalInterface
  interface TransferEnd {
    void end(OpenTransfer transfer);
  }

  private static String postedNothing() {
    return "the ranks are out of step: length " + "sent here is not zero, but the peer posted zero bytes for it";
  }

  private static String disagreement(String hereVerb, OpenTransfer here, String thereVerb, int phase, long length) {
    StringBuilder text = new StringBuilder("the ranks are out of step:");
    if (here.phase != phase)
      text.append(" phase ").append(here.phase).append(' ').append(hereVerb).append(", phase ").append(phase)
          .append(' ').append(thereVerb);
    if (here.length != length)
      text.append(here.phase != phase ? ";" : "").append(" length ").append(here.length).append(' ').append(hereVerb)
          .append(", length ").append(length)
          .append(' ').append(thereVerb);
    return text.toString();
  }
}
