package org.halocline.runtime.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.halocline.runtime.WireMessage;
import org.halocline.runtime.job.Done;
import org.halocline.runtime.job.Recovery;
import org.halocline.runtime.layout.Layout;

/**
 * One job.
 *
 * @param name of its file
 * @param why why it waits, failed or was cancelled; empty if it does none of these
 * @param runDirectory absolute path
 * @param layout of its present or last start
 * @param ranks where they are now; empty unless it runs; of very many only the first
 * @param incarnation of the run directory; 0 before the first start
 * @param restarts starts beyond the first
 * @param lastCheckpointAgeMillis empty before the first one of this start
 * @param progress 0 to 1: the furthest point that it has reached, also while it repeats work after a failure
 * @param etaSeconds until its end, where it can be told
 * @param sources latest progress by name of the part; of many only the parts that are furthest behind
 * @param lastRecovery figures of its last recovery from a failure
 * @param moreRanks how many ranks were left out
 * @param moreSources how many sources were left out
 */
public record JobStatus(String id, String kind, String name, JobState state, JobTerms terms, String why,
    String runDirectory, Optional<Layout> layout, List<RankPlace> ranks, int incarnation, int restarts,
    OptionalLong lastCheckpointAgeMillis, CheckpointCost checkpoints, Optional<Recovery> lastRecovery,
    @JsonPropertyDescription("The furthest point that the job has reached, 0 to 1.") double progress,
    OptionalLong etaSeconds, Map<String, SourceProgress> sources, long submittedEpochMillis,
    OptionalLong startedEpochMillis, OptionalLong endedEpochMillis,
    @JsonPropertyDescription("How many ranks were left out.") int moreRanks,
    @JsonPropertyDescription("How many sources were left out: those that have come furthest.") int moreSources)
    implements
      WireMessage {
  public JobStatus {
    ranks = List.copyOf(ranks);
    sources = java.util.Collections.unmodifiableMap(new TreeMap<>(sources));
  }

  /**
   * What a job's checkpoints have cost since its present start.
   *
   * @param count over all chains
   * @param millis that chains waited for them, summed
   * @param bytes written
   * @param share of the chains' wall time, 0 to 1
   */
  public record CheckpointCost(long count, long millis, long bytes, double share) {}

  /**
   * Where a rank is.
   *
   * @param lane number of the lane on its node
   */
  public record RankPlace(int domain, int rank, String node, int lane) {}

  /**
   * The latest progress of a part of a job.
   *
   * @param done how far it has come
   * @param numbers what else it tells, by dashed name
   */
  public record SourceProgress(Done done, Map<String, Double> numbers) {}
}
