package org.halocline.transport.plane;

import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.halocline.transport.TrafficMeter;
import org.halocline.transport.wire.FrameChecksum;
import org.halocline.transport.wire.FrameHeader;

/**
 * Takes every frame that arrives. Checks it completely before a byte is copied: a frame of another domain, or of a
 * transfer that is no more, is dropped and counted; one that makes no sense is rejected and counted. Where that one
 * came from a node with which this one shares a domain, what it was meant for would never come, so everything open with
 * that node fails. Never blocks, never throws because of what a frame holds. Owned by the data plane's thread.
 */
final class Inbound implements FragmentHandler {
  private enum Verdict {
    TAKEN, DROPPED, REJECTED
  }

  private final Domains domains;
  private final TrafficMeter traffic;
  private final Shake shake;
  private final FrameChecksum checksum;
  private final FrameHeader header = new FrameHeader();
  private int session;
  private final UnsafeBuffer target = new UnsafeBuffer(0, 0);

  Inbound(Domains domains, TrafficMeter traffic, Shake shake, FrameChecksum checksum) {
    this.domains = domains;
    this.traffic = traffic;
    this.shake = shake;
    this.checksum = checksum;
  }

  @Override
  public void onFragment(DirectBuffer buffer, int offset, int length, Header aeronHeader) {
    onFrame(buffer, offset, length, aeronHeader.sessionId());
  }

  /** Takes one frame that came in the given session. */
  void onFrame(DirectBuffer buffer, int offset, int length, int fromSession) {
    session = fromSession;
    take(buffer, offset, length, shake.isOn());
  }

  /** Delivers some of the frames that shaking held back; returns how many there were. */
  int deliverHeld() {
    return shake.holds() ? shake.deliver((frame, length, fromSession) -> {
      session = fromSession;
      take(frame, 0, length, false);
    }) : 0;
  }

  private void drop() {
    traffic.drop(session);
  }

  /** The frame may have been for any rank. */
  private void reject(String what) {
    traffic.reject(session);
    if (traffic.knows(session)) {
      int broken = session;
      domains.forEach(rank -> rank.breakOff(broken, what));
    }
  }

  private void rejectFor(RankState rank) {
    traffic.reject(session);
    rank.breakOff(session, "holds a frame that makes no sense");
  }

  private void take(DirectBuffer buffer, int offset, int length, boolean mayHold) {
    if (length < FrameHeader.LENGTH || !header.wrap(buffer, offset).isOurs()) {
      reject("holds a frame that is none of ours");
      return;
    }
    if (!checksum.accepts(buffer, offset, length)) {
      reject("holds a frame whose checksum is wrong or, against transport.checksum here, missing");
      return;
    }
    RankState rank = domains.find(header.domain(), header.receiver());
    if (rank == null) {
      if (header.type() != FrameHeader.HELLO) { // one that comes too early is in order: joining answers it
        drop();
      }
      return;
    }
    int sender = header.sender();
    if (sender < 0 || sender >= rank.membership().ranks().size()) {
      rejectFor(rank);
      return;
    }
    int payload = length - FrameHeader.LENGTH;
    if (header.type() == FrameHeader.DATA) {
      if (mayHold && shake.holdBack(buffer, offset, length, session))
        return;
      data(rank, sender, buffer, offset + FrameHeader.LENGTH, payload);
    } else if (payload != 0)
      rejectFor(rank);
    else
      control(rank, sender);
  }

  private void control(RankState rank, int sender) {
    Verdict verdict = switch (header.type()) {
      case FrameHeader.HELLO -> hello(rank, sender);
      case FrameHeader.CREDIT -> credit(rank, sender);
      case FrameHeader.MISMATCH -> mismatch(rank, sender);
      default -> Verdict.REJECTED;
    };
    switch (verdict) {
      case TAKEN -> rank.channel(sender).received(0);
      case DROPPED -> drop();
      case REJECTED -> rejectFor(rank);
    }
  }

  private Verdict hello(RankState rank, int sender) {
    if (header.total() != rank.membership().ranks().size())
      return Verdict.REJECTED;
    rank.onHello(sender, header.isReply(), session);
    return Verdict.TAKEN;
  }

  private Verdict credit(RankState rank, int sender) {
    if (rank.isOver(header.chain()))
      return Verdict.DROPPED;
    if (header.transfer() < 0 || header.total() <= 0)
      return Verdict.REJECTED;
    if (rank.find(header.chain(), sender) == null && rank.earlyCredits >= RankState.MAX_EARLY_CREDITS)
      return Verdict.REJECTED;
    boolean taken = rank.pairing(header.chain(), sender).onCredit(header.transfer(), header.phase(), header.total());
    return taken ? Verdict.TAKEN : Verdict.REJECTED;
  }

  private Verdict mismatch(RankState rank, int sender) {
    Pairing pairing = rank.find(header.chain(), sender);
    boolean taken = pairing != null && pairing.onMismatch(header.transfer(), header.phase(), header.total());
    return taken ? Verdict.TAKEN : Verdict.DROPPED;
  }

  private void data(RankState rank, int sender, DirectBuffer buffer, int at, int payload) {
    Pairing pairing = rank.find(header.chain(), sender);
    OpenTransfer receive = pairing == null ? null : pairing.posted(header.transfer());
    if (receive == null) {
      drop();
      return;
    }
    long offset = header.offset();
    if (payload == 0 || header.total() != receive.length || header.phase() != receive.phase || offset < 0
        || offset > receive.length - payload
        || payload > receive.length - receive.low) {
      rejectFor(rank);
      return;
    }
    target.wrap(receive.address + offset, payload);
    target.putBytes(0, buffer, at, payload);
    receive.low += payload;
    rank.channel(sender).received(payload);
    if (receive.low == receive.length)
      pairing.arrived(receive);
  }
}
