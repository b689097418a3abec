package org.halocline.domain;

import java.util.List;
import org.halocline.cosmology.comm.Port;

/** The port of a domain of one rank: it has no peers, but a lane to share and a flag to heed. */
final class SoloPort implements Port {
  private final ChainLane lane;

  SoloPort(ChainLane lane) {
    this.lane = lane;
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int ranks() {
    return 1;
  }

  @Override
  public Exchange begin(Phase phase, List<Parcel> sends, List<Parcel> receives) {
    if (!sends.isEmpty() || !receives.isEmpty())
      throw new IllegalStateException("a domain of one rank has no peers");
    return lane::breathe;
  }

  @Override
  public void breathe() {
    lane.breathe();
  }
}
