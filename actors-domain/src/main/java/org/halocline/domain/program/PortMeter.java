package org.halocline.domain.program;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.halocline.cosmology.comm.Port.Phase;

/**
 * What a port has moved and how long it took. Written by the chain's thread; readable from any, each number on its own.
 */
public final class PortMeter {
  private final AtomicLongArray sentByPhase = new AtomicLongArray(Phase.values().length);
  private volatile long exchanges;
  private volatile long waitNs;
  private volatile long copyNs;

  public void moved(Phase phase, long sent, long waitedNs) {
    sentByPhase.setRelease(phase.ordinal(), sentByPhase.getPlain(phase.ordinal()) + sent);
    exchanges = exchanges + 1;
    waitNs = waitNs + waitedNs;
  }

  public void copied(long ns) {
    copyNs = copyNs + ns;
  }

  /** By phase, in the phases' order. */
  public Map<Phase, Long> bytesSent() {
    Map<Phase, Long> bytes = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values())
      bytes.put(phase, sentByPhase.getAcquire(phase.ordinal()));
    return bytes;
  }

  public long exchanges() {
    return exchanges;
  }

  /** Time in which the chain had no lane: waiting for peers, and for the lane afterwards. */
  public long waitNs() {
    return waitNs;
  }

  /** Time of packing and unpacking what is exchanged. */
  public long copyNs() {
    return copyNs;
  }
}
