package org.halocline.runtime.rank;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.halocline.runtime.lane.Lane;
import org.halocline.runtime.lane.LaneTimes;

/** What the lanes of a node did since it was last read. Owned by the node's agent. */
final class LaneMeter {
  private final List<Lane> lanes;
  private final long[] busyNs;
  private final long[] copiedNs;
  private long readNs = System.nanoTime();

  LaneMeter(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
    this.busyNs = new long[lanes.size()];
    this.copiedNs = new long[lanes.size()];
  }

  List<LaneStatus> read(Collection<RankAssignment> ranks) {
    long now = System.nanoTime();
    double passed = Math.max(1, now - readNs);
    readNs = now;
    List<LaneStatus> read = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      int number = i;
      LaneTimes times = lanes.get(i).times();
      double held = Math.clamp((times.busyNs() - busyNs[i]) / passed, 0, 1);
      double copying = Math.clamp((times.copiedNs() - copiedNs[i]) / passed, 0, held);
      busyNs[i] = times.busyNs();
      copiedNs[i] = times.copiedNs();
      Optional<RankAssignment> rank = ranks.stream().filter(here -> here.lane() == number).findFirst();
      read.add(new LaneStatus(i, lanes.get(i).kind(), lanes.get(i).name(), rank.map(RankAssignment::jobId),
          OptionalInt.empty(), rank.map(here -> OptionalInt.of(here.rank())).orElse(OptionalInt.empty()),
          held - copying, rank.isPresent() ? 1 - held : 0, copying));
    }
    return read;
  }
}
