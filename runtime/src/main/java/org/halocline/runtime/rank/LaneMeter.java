package org.halocline.runtime.rank;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.halocline.runtime.cluster.LaneStatus;
import org.halocline.runtime.lane.Lane;

/** What the lanes of a node did since it was last read. Owned by the node's agent. */
final class LaneMeter {
  private final List<Lane> lanes;
  private final long[] busyNs;
  private long readNs = System.nanoTime();

  LaneMeter(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
    this.busyNs = new long[lanes.size()];
  }

  List<LaneStatus> read(Collection<RankAssignment> ranks) {
    long now = System.nanoTime();
    double passed = Math.max(1, now - readNs);
    readNs = now;
    List<LaneStatus> read = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      int number = i;
      long busy = lanes.get(i).times().busyNs();
      double computing = Math.clamp((busy - busyNs[i]) / passed, 0, 1);
      busyNs[i] = busy;
      Optional<RankAssignment> rank = ranks.stream().filter(here -> here.lane() == number).findFirst();
      read.add(new LaneStatus(i, lanes.get(i).kind(), lanes.get(i).name(), rank.map(RankAssignment::jobId),
          OptionalInt.empty(), rank.map(here -> OptionalInt.of(here.rank())).orElse(OptionalInt.empty()), computing,
          rank.isPresent() ? 1 - computing : 0, 0));
    }
    return read;
  }
}
