package org.halocline.runtime.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.Layout;

/**
 * One job.
 *
 * @param name
 *          of its file
 * @param why
 *          why it waits, failed or was cancelled; empty if it does none of these
 * @param runDirectory
 *          absolute path
 * @param layout
 *          of its present or last start
 * @param ranks
 *          where they are now; empty unless it runs; of very many only the first
 * @param incarnation
 *          of the run directory; 0 before the first start
 * @param restarts
 *          starts beyond the first
 * @param lastCheckpointAgeMillis
 *          empty before the first one of this start
 * @param progress
 *          0 to 1: the furthest point that it has reached, also while it repeats work after a failure
 * @param etaSeconds
 *          until its end, where it can be told
 * @param sources
 *          latest numbers by source, "chain 0"; of many only those that are furthest behind
 * @param lastRecovery
 *          figures of its last recovery from a failure
 * @param moreRanks
 *          how many ranks were left out
 * @param moreSources
 *          how many sources were left out
 */
public record JobStatus(String id, String kind, String name, JobState state, JobTerms terms, String why,
    String runDirectory, Optional<Layout> layout, List<RankPlace> ranks, int incarnation, int restarts,
    OptionalLong lastCheckpointAgeMillis, CheckpointCost checkpoints, Optional<Recovery> lastRecovery, double progress,
    OptionalLong etaSeconds, Map<String, Map<String, Double>> sources, long submittedEpochMillis,
    OptionalLong startedEpochMillis, OptionalLong endedEpochMillis, int moreRanks,
    int moreSources) implements WireMessage {
  public JobStatus {
    ranks = List.copyOf(ranks);
    sources = java.util.Collections.unmodifiableMap(new TreeMap<>(sources));
  }
}
