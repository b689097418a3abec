package org.halocline.domain;

import org.halocline.cosmology.comm.Port.RevokedException;
import org.halocline.runtime.lane.Lane;

/** A chain's hold on its lane, and the flag that ends the chain. */
record ChainLane(Lane lane, Cancellation cancellation) {

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
    if (cancellation.isCancelled())
      throw new RevokedException(cancellation.reason().orElseThrow(), null);
  }
}
