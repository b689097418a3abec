package org.halocline.transport.plane;

import org.halocline.transport.wire.FrameHeader;

/** A frame without payload that waits for its turn. Fields as in {@link FrameHeader}. */
record ControlFrame(byte type, short flags, RankState from, int peer, int chain, int phase, long transfer,
    long length) {
  static ControlFrame hello(RankState from, int peer, boolean reply) {
    return new ControlFrame(FrameHeader.HELLO, reply ? FrameHeader.FLAG_REPLY : 0, from, peer, 0, 0, 0,
        from.membership().ranks().size());
  }

  static ControlFrame credit(OpenTransfer receive) {
    return new ControlFrame(FrameHeader.CREDIT, (short) 0, receive.rank, receive.peer, receive.chain, receive.phase,
        receive.sequence, receive.length);
  }

  static ControlFrame mismatch(RankState from, int peer, int chain, int phase, long transfer, long length) {
    return new ControlFrame(FrameHeader.MISMATCH, (short) 0, from, peer, chain, phase, transfer, length);
  }
}
