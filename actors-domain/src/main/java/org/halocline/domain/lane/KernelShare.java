package org.halocline.domain.lane;

import java.util.function.Function;
import org.halocline.cosmology.kernel.Kernels;
import org.halocline.runtime.lane.FairLane;
import org.halocline.runtime.lane.LaneTimes;
import org.halocline.runtime.lane.LaneTraits;

/** A fair lane, and what makes its kernels. */
record KernelShare(FairLane lane, Function<Runnable, Kernels> kernels) implements KernelLane {
  @Override
  public Kernels open(Runnable poll) {
    return kernels.apply(poll);
  }

  @Override
  public LaneTraits traits() {
    return lane.traits();
  }

  @Override
  public void acquire() {
    lane.acquire();
  }

  @Override
  public void release() {
    lane.release();
  }

  @Override
  public boolean contended() {
    return lane.contended();
  }

  @Override
  public boolean overdue() {
    return lane.overdue();
  }

  @Override
  public void copied(long ns) {
    lane.copied(ns);
  }

  @Override
  public LaneTimes times() {
    return lane.times();
  }

  @Override
  public String toString() {
    return lane.name();
  }
}
