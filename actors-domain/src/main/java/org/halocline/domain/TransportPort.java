package org.halocline.domain;

import java.util.List;
import org.halocline.cosmology.comm.Port;
import org.halocline.domain.program.PortMeter;
import org.halocline.transport.Link;
import org.halocline.transport.Transfer;
import org.halocline.transport.TransferFailedException;
import org.halocline.transport.TransferRevokedException;

/**
 * The port of one chain on one rank of a domain of several: transfers over the data plane. Used by the chain's own
 * thread, which holds the lane; the lane is given up while it waits for peers and taken again before
 * {@link Exchange#finish} returns.
 */
final class TransportPort implements Port {
  private final Link link;
  private final int chain;
  private final ChainLane lane;
  private final PortMeter meter;

  TransportPort(Link link, int chain, ChainLane lane, PortMeter meter) {
    this.link = link;
    this.chain = chain;
    this.lane = lane;
    this.meter = meter;
  }

  @Override
  public int rank() {
    return link.membership().rank();
  }

  @Override
  public int ranks() {
    return link.membership().ranks().size();
  }

  /**
   * Posts every receive, then every send: from here on the data plane's thread moves them by itself. If one fails, now
   * or later, the chain is revoked before this or {@link Exchange#finish} throws, so that the data plane no longer
   * touches any memory of this chain, of other exchanges either.
   *
   * @throws IllegalStateException the ranks are out of step: phase or length differ
   */
  @Override
  public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
    Transfer[] transfers = new Transfer[sends.size() + receives.size()];
    long[] sent = new long[1];
    orRevoke(phase, () -> {
      lane.throwIfCancelled();
      int count = 0;
      for (Parcel parcel : receives)
        transfers[count++] = link.receive(chain, parcel.peer(), phase.ordinal(), parcel.memory());
      for (Parcel parcel : sends) {
        transfers[count++] = link.send(chain, parcel.peer(), phase.ordinal(), parcel.memory());
        sent[0] += parcel.memory().byteSize();
      }
    });
    return () -> orRevoke(phase, () -> {
      meter.moved(phase, sent[0], await(transfers));
      lane.throwIfCancelled();
    });
  }

  private void orRevoke(Phase phase, Runnable part) {
    try {
      part.run();
    } catch (TransferRevokedException revoked) {
      link.revoke(chain);
      throw new RevokedException(lane.cancelled().orElse(revoked.getMessage()), revoked);
    } catch (TransferFailedException | IllegalArgumentException failed) {
      link.revoke(chain);
      if (lane.cancelled().isPresent())
        throw new RevokedException(lane.cancelled().get(), failed);
      throw new IllegalStateException("exchange " + phase + ": " + failed.getMessage(), failed);
    } catch (RuntimeException | Error failed) {
      link.revoke(chain);
      throw failed;
    }
  }

  /** Nanoseconds without the lane. */
  private long await(Transfer[] transfers) {
    if (allDone(transfers)) {
      for (Transfer transfer : transfers)
        transfer.await(); // throws what went wrong
      return 0;
    }
    long start = System.nanoTime();
    lane.lane().release();
    try {
      for (Transfer transfer : transfers)
        transfer.await();
    } finally {
      lane.lane().acquire();
    }
    return System.nanoTime() - start;
  }

  private static boolean allDone(Transfer[] transfers) {
    for (Transfer transfer : transfers)
      if (!transfer.isDone())
        return false;
    return true;
  }

  @Override
  public void copied(long ns) {
    meter.copied(ns);
    lane.lane().copied(ns);
  }

  @Override
  public void yieldPoint() {
    lane.yieldPoint();
  }
}
