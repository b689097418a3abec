package org.halocline.runtime.node;

import java.util.List;
import org.halocline.runtime.job.JobKinds;
import org.halocline.runtime.lane.LaneSource;
import org.halocline.runtime.rank.RankHost;

/**
 * What higher modules plug into a node.
 *
 * @param kinds the jobs it can start
 * @param laneSources the lanes it can open
 * @param rankHost what makes the ranks that are assigned to it
 */
public record NodeParts(JobKinds kinds, List<LaneSource> laneSources, RankHost rankHost) {
  public NodeParts {
    laneSources = List.copyOf(laneSources);
  }
}
