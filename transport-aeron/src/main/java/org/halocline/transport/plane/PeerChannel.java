package org.halocline.transport.plane;

import io.aeron.Aeron;
import io.aeron.AeronCounters;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.halocline.transport.NodeAddress;
import org.halocline.transport.TrafficMeter;
import org.halocline.transport.wire.FrameChecksum;
import org.halocline.transport.wire.FrameHeader;

/**
 * The publication from this node to one other node (or to itself), with what waits to be sent on it. Outlives domains.
 * Owned by the data plane's thread.
 *
 * <p>
 * Control frames go first, in order. Ready transfers take turns frame by frame, so a small block does not wait for a
 * big one.
 */
final class PeerChannel {
  /**
   * Data frames a turn: enough to amortise the duty cycle, few enough that what was copied in is still in cache when it
   * is copied out.
   */
  private static final int BURST = 4;

  final NodeAddress address;
  final boolean remote;
  private final Aeron aeron;
  private final String uri;
  private final Shake shake;
  private final TrafficMeter sessions;
  private final TrafficMeter.Peer traffic;
  private final FrameChecksum checksum;
  private final long registration;
  private final ArrayDeque<ControlFrame> control = new ArrayDeque<>();
  private final ArrayList<OpenTransfer> ready = new ArrayList<>();
  private final BufferClaim claim = new BufferClaim();
  private final UnsafeBuffer source = new UnsafeBuffer(0, 0);
  private ExclusivePublication publication;
  private int turn;
  private boolean stuck;
  /** Transfers open with ranks of this node. */
  int open;

  PeerChannel(Aeron aeron, NodeAddress address, boolean remote, String uri, Shake shake, TrafficMeter traffic,
      FrameChecksum checksum) {
    this.aeron = aeron;
    this.address = address;
    this.remote = remote;
    this.uri = uri;
    this.shake = shake;
    this.sessions = traffic;
    this.traffic = traffic.peer(address);
    this.checksum = checksum;
    this.registration = aeron.asyncAddExclusivePublication(uri, address.port());
  }

  void control(ControlFrame frame) {
    control.add(frame);
  }

  /** From now on this transfer may send. */
  void start(OpenTransfer send) {
    ready.add(send);
  }

  boolean hasPending() {
    return !ready.isEmpty() || !control.isEmpty();
  }

  /** Whether it waits for its publication, or for room in it: for the driver, that is. */
  boolean isStuck() {
    return stuck;
  }

  /** Sends what the publication takes, up to a bound. Returns the number of frames. */
  int send() {
    stuck = false;
    if (!hasPending())
      return 0;
    if (publication == null) {
      publication = aeron.getExclusivePublication(registration);
      if (publication == null) {
        stuck = true;
        return 0;
      }
    }
    int frames = 0;
    while (!control.isEmpty()) {
      if (!claim(FrameHeader.LENGTH))
        return frames;
      ControlFrame f = control.remove();
      FrameHeader.write(claim.buffer(), claim.offset(), f.type(), f.flags(), f.from().membership(), f.peer(), f.chain(),
          f.phase(), f.transfer(), 0,
          f.length());
      checksum.seal(claim.buffer(), claim.offset(), FrameHeader.LENGTH);
      claim.commit();
      traffic.sent(0);
      frames++;
    }
    for (int i = 0; i < BURST && !ready.isEmpty(); i++) {
      int at = shake.isOn() ? shake.pick(ready.size()) : turn++ % ready.size();
      if (!sendChunk(ready.get(at), at))
        return frames;
      frames++;
    }
    return frames;
  }

  private boolean sendChunk(OpenTransfer send, int at) {
    long left = send.high - send.low;
    int chunk = (int) Math.min(left, publication.maxPayloadLength() - FrameHeader.LENGTH);
    boolean fromEnd = false;
    if (shake.isOn()) {
      chunk = shake.cut(chunk);
      fromEnd = shake.coin();
    }
    if (!claim(FrameHeader.LENGTH + chunk))
      return false;
    long offset = fromEnd ? send.high - chunk : send.low;
    FrameHeader.write(claim.buffer(), claim.offset(), FrameHeader.DATA, (short) 0, send.rank.membership(), send.peer,
        send.chain, send.phase,
        send.sequence, offset, send.length);
    source.wrap(send.address + offset, chunk);
    claim.buffer().putBytes(claim.offset() + FrameHeader.LENGTH, source, 0, chunk);
    checksum.seal(claim.buffer(), claim.offset(), FrameHeader.LENGTH + chunk);
    claim.commit();
    traffic.sent(chunk);
    if (fromEnd)
      send.high -= chunk;
    else
      send.low += chunk;
    if (send.low == send.high) {
      ready.remove(at);
      send.rank.sent(send);
    }
    return true;
  }

  /** Whether the driver has put everything on the wire; true when there is nothing it could. */
  boolean isDrained() {
    if (!remote || publication == null || !publication.isConnected())
      return true;
    CountersReader counters = aeron.countersReader();
    int counter = counters.findByTypeIdAndRegistrationId(AeronCounters.DRIVER_SENDER_POSITION_TYPE_ID, registration);
    return counter < 0 || counters.getCounterValue(counter) >= publication.position();
  }

  /** Ends the stream. */
  void close() {
    if (publication != null)
      publication.close();
  }

  private boolean claim(int length) {
    long position = publication.tryClaim(length, claim);
    if (position > 0)
      return true;
    stuck = true;
    if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED)
      throw new IllegalStateException(
          "publication to " + address + " (" + uri + ") is " + (position == Publication.CLOSED ? "closed" : "used up"));
    return false;
  }

  /** The node at the other end speaks to us in this session. */
  void identify(int session) {
    sessions.identify(session, traffic);
  }

  void received(int bytes) {
    traffic.received(bytes);
  }

  /** Drops what a chain of this rank still wanted to send. A MISMATCH stays: the peer must hear of it. */
  void forgetChain(RankState rank, int chain) {
    ready.removeIf(send -> send.rank == rank && send.chain == chain);
    control.removeIf(frame -> frame.from() == rank && frame.chain() == chain && frame.type() == FrameHeader.CREDIT);
  }

  void forgetPeer(RankState rank, int peer) {
    ready.removeIf(send -> send.rank == rank && send.peer == peer);
    control.removeIf(frame -> frame.from() == rank && frame.peer() == peer);
  }

  void forget(RankState rank) {
    ready.removeIf(send -> send.rank == rank);
    control.removeIf(frame -> frame.from() == rank && frame.type() != FrameHeader.MISMATCH);
  }
}
