package org.halocline.cosmology.comm;

import java.util.List;
import java.util.Optional;
import org.halocline.cosmology.kernel.Staged;

/**
 * A port whose exchanges begin when what they send has been packed. The port does not wait at once for a lane that
 * packs beside its kernels: an exchange that is not packed yet begins when the next one is handed over, at the chain's
 * next yield point, or when the chain waits for the exchange. Kernels that are enqueued until then hide the copies.
 * Exchanges begin in the order in which they are handed over, on every kind of lane. Used by the chain's own thread.
 */
public final class DeferredExchanges implements Port {
  private final Port port;
  private Optional<Deferred> waiting = Optional.empty();

  /** @param port which has no other user: every exchange of the chain goes through this object */
  public DeferredExchanges(Port port) {
    this.port = port;
  }

  @Override
  public int rank() {
    return port.rank();
  }

  @Override
  public int ranks() {
    return port.ranks();
  }

  @Override
  public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
    beginWaiting();
    return port.begin(phase, sends, receives);
  }

  @Override
  public Exchange begin(List<Staged> copies, Phase phase, List<Parcel> sends, List<Parcel> receives) {
    beginWaiting();
    if (copies.stream().allMatch(Staged::isDone))
      return port.begin(phase, sends, receives);
    Deferred deferred = new Deferred(copies, phase, sends, receives);
    waiting = Optional.of(deferred);
    return deferred;
  }

  @Override
  public void yieldPoint() {
    beginWaiting();
    port.yieldPoint();
  }

  @Override
  public void copied(long ns) {
    port.copied(ns);
  }

  /** Begins the exchange that waits for its copies, if there is one. */
  private void beginWaiting() {
    Optional<Deferred> next = waiting;
    waiting = Optional.empty();
    next.ifPresent(Deferred::begin);
  }

  private final class Deferred implements Exchange {
    private final List<Staged> copies;
    private final Phase phase;
    private final List<Parcel> sends;
    private final List<Parcel> receives;
    private Optional<Exchange> begun = Optional.empty();

    Deferred(List<Staged> copies, Phase phase, List<Parcel> sends, List<Parcel> receives) {
      this.copies = copies;
      this.phase = phase;
      this.sends = sends;
      this.receives = receives;
    }

    void begin() {
      long from = System.nanoTime();
      copies.forEach(Staged::await);
      port.copied(System.nanoTime() - from);
      begun = Optional.of(port.begin(phase, sends, receives));
    }

    @Override
    public void finish() {
      if (begun.isEmpty())
        beginWaiting();
      begun.orElseThrow(() -> new IllegalStateException("an exchange that has not begun is finished")).finish();
    }
  }
}
