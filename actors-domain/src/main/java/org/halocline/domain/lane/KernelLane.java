package org.halocline.domain.lane;

import org.halocline.cosmology.kernel.Kernels;
import org.halocline.runtime.lane.FairLane;
import org.halocline.runtime.lane.LaneTraits;

/** A fair lane that knows the kernels of its kind. */
public abstract class KernelLane extends FairLane {

  KernelLane(LaneTraits traits) {
    super(traits);
  }

  /**
   * New kernels for one chain on this lane. Their memory is the chain's own and is freed with it; they run only while
   * the chain holds the lane.
   *
   * @param poll called now and then by kernels of a core, which may take long, and may throw to end one in the midst
   */
  public abstract Kernels open(Runnable poll);
}
