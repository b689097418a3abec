package org.halocline.transport.plane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntHashSet;
import org.halocline.transport.DomainMember;
import org.halocline.transport.wire.FrameHeader;

/**
 * One rank's open transfers and what it knows of its peers. Owned by the data plane's thread, except for
 * {@link #membership}.
 *
 * <p>
 * Nothing but HELLO leaves for a peer before that peer's own HELLO has come: the peer would drop an earlier frame, as
 * one of a domain that it does not know. HELLO is answered, so it does not matter which of two ranks joins first.
 */
final class RankState {
  /** Credits that may wait for their send; more can only be a defect or a forgery. */
  static final int MAX_EARLY_CREDITS = 1 << 16;

  private static final class PeerRank {
    final PeerChannel channel;
    final ArrayDeque<ControlFrame> beforeHello = new ArrayDeque<>(2);
    boolean up;
    int session;
    /** Why nothing can be had from it any more; empty while it can. */
    String lost = "";

    PeerRank(PeerChannel channel) {
      this.channel = channel;
    }
  }

  private final DomainMember membership;
  private final Int2ObjectHashMap<Pairing[]> chains = new Int2ObjectHashMap<>();
  private final IntHashSet revokedChains = new IntHashSet();
  private PeerRank[] peers = {};
  private boolean ended;
  int earlyCredits;

  RankState(DomainMember membership) {
    this.membership = membership;
  }

  DomainMember membership() {
    return membership;
  }

  /** Says hello to every rank, through one channel a rank. */
  void join(List<PeerChannel> channels) {
    PeerRank[] joined = new PeerRank[channels.size()];
    for (int r = 0; r < joined.length; r++)
      joined[r] = new PeerRank(channels.get(r));
    peers = joined;
    for (int r = 0; r < joined.length; r++)
      joined[r].channel.control(ControlFrame.hello(this, r, false));
  }

  PeerChannel channel(int peer) {
    return peers[peer].channel;
  }

  boolean isUp(int peer) {
    return peer < peers.length && peers[peer].up;
  }

  void submit(OpenTransfer transfer) {
    if (ended || revokedChains.contains(transfer.chain)) {
      transfer.revoke(ended ? "the domain has ended for this rank" : "the chain was revoked");
      return;
    }
    PeerRank peer = peers[transfer.peer];
    if (!peer.lost.isEmpty()) {
      transfer.fail(peer.lost);
      return;
    }
    peer.channel.open++;
    Pairing pairing = pairing(transfer.chain, transfer.peer);
    if (transfer.sending)
      pairing.send(transfer);
    else
      pairing.receive(transfer);
  }

  void complete(OpenTransfer transfer) {
    peers[transfer.peer].channel.open--;
    transfer.complete();
  }

  void fail(OpenTransfer transfer, String why) {
    peers[transfer.peer].channel.open--;
    transfer.fail(why);
  }

  void sent(OpenTransfer send) {
    pairing(send.chain, send.peer).sent(send);
  }

  void sendWhenUp(ControlFrame frame) {
    PeerRank peer = peers[frame.peer()];
    if (peer.up)
      peer.channel.control(frame);
    else
      peer.beforeHello.add(frame);
  }

  void onHello(int sender, boolean reply, int session) {
    PeerRank peer = peers[sender];
    peer.up = true;
    peer.session = session;
    peer.channel.identify(session);
    if (!reply)
      peer.channel.control(ControlFrame.hello(this, sender, true));
    for (ControlFrame frame = peer.beforeHello.poll(); frame != null; frame = peer.beforeHello.poll())
      peer.channel.control(frame);
  }

  /**
   * Frames may be missing from the stream on which some peers said hello: everything open with them fails, and
   * everything that they are asked for later.
   *
   * @param what went wrong, as "was interrupted"
   */
  void breakOff(int session, String what) {
    for (int r = 0; r < peers.length; r++) {
      PeerRank peer = peers[r];
      if (peer.up && peer.session == session && !ended && peer.lost.isEmpty()) {
        peer.lost = "the stream from node " + peer.channel.address + " " + what + "; this domain cannot go on";
        peer.channel.forgetPeer(this, r);
        for (Pairing[] byPeer : chains.values())
          end(byPeer[r], t -> t.fail(peer.lost));
      }
    }
  }

  /** True when frames of this chain are dropped. */
  boolean isOver(int chain) {
    return ended || revokedChains.contains(chain);
  }

  /** The pairing if there is one yet, or null. */
  Pairing find(int chain, int peer) {
    Pairing[] byPeer = chains.get(chain);
    return byPeer == null ? null : byPeer[peer];
  }

  Pairing pairing(int chain, int peer) {
    Pairing[] byPeer = chains.get(chain);
    if (byPeer == null) {
      byPeer = new Pairing[peers.length];
      chains.put(chain, byPeer);
    }
    Pairing pairing = byPeer[peer];
    if (pairing == null) {
      pairing = new Pairing(this, chain, peer);
      byPeer[peer] = pairing;
    }
    return pairing;
  }

  void revoke(int chain) {
    revokedChains.add(chain);
    for (PeerRank peer : peers) {
      peer.channel.forgetChain(this, chain);
      peer.beforeHello.removeIf(frame -> frame.chain() == chain && frame.type() == FrameHeader.CREDIT);
    }
    Pairing[] byPeer = chains.remove(chain);
    if (byPeer != null)
      end(byPeer, t -> t.revoke("the chain was revoked"));
  }

  void revokeAll() {
    end(t -> t.revoke("the domain has ended for this rank"));
  }

  void failAll(String why) {
    end(t -> t.fail(why));
  }

  private void end(Pairing.TransferEnd how) {
    ended = true;
    for (PeerRank peer : peers) {
      peer.channel.forget(this);
      peer.beforeHello.clear();
    }
    chains.values().forEach(byPeer -> end(byPeer, how));
    chains.clear();
  }

  private void end(Pairing[] byPeer, Pairing.TransferEnd how) {
    for (Pairing pairing : byPeer)
      end(pairing, how);
  }

  private void end(Pairing pairing, Pairing.TransferEnd how) {
    if (pairing != null)
      pairing.end(transfer -> {
        peers[transfer.peer].channel.open--;
        how.end(transfer);
      });
  }

  List<String> describe(long nowNs) {
    List<String> lines = new ArrayList<>();
    chains.values().forEach(byPeer -> {
      for (Pairing pairing : byPeer)
        if (pairing != null)
          pairing.forEach(t -> lines.add(t.describe(nowNs)));
    });
    return lines;
  }
}
