package org.halocline.domain;

import java.util.Optional;
import org.halocline.cosmology.comm.Port.RevokedException;
import org.halocline.runtime.lane.Lane;

/** A chain's hold on its lane, and the flag that ends the chain: it goes up once, with the reason. Thread-safe. */
final class ChainLane {
  private final Lane lane;
  private volatile Optional<String> cancelled = Optional.empty();

  ChainLane(Lane lane) {
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  /** The first reason stays. */
  synchronized void cancel(String why) {
    if (cancelled.isEmpty())
      cancelled = Optional.of(why);
  }

  /** Why the chain is to end, once it is. */
  Optional<String> cancelled() {
    return cancelled;
  }

  /** Hands the lane to a chain that has waited long enough for it, and takes it again. */
  void yieldPoint() {
    throwIfCancelled();
    if (lane.overdue()) {
      lane.release();
      lane.acquire();
      throwIfCancelled();
    }
  }

  void throwIfCancelled() {
    if (cancelled.isPresent())
      throw new RevokedException(cancelled.get(), null);
  }
}
