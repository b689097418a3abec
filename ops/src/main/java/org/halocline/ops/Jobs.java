package org.halocline.ops;

import java.util.List;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.node.NodeParts;
import org.halocline.runtime.rank.RankHost;

/** Everything that the modules below plug into a node: job kinds, lanes, the programs of ranks. */
final class Jobs {

  private Jobs() {}

  static NodeParts parts() {
    return new NodeParts(new JobKinds(List.of()), List.of(LaneSource.cores()), RankHost.none());
  }
}
