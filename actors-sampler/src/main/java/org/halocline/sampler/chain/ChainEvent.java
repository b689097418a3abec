package org.halocline.sampler.chain;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.halocline.domain.program.Collected;
import org.halocline.domain.program.LaneUse;
import org.halocline.runtime.job.JobEvent;
import org.halocline.runtime.run.Checkpoint;

/** What a chain's actor tells the actor that made it; the last three end the chain. An event stays in the process. */
public sealed interface ChainEvent {
  int chain();

  /** For the job's client: how far the chain is, about once a second, or that it can go on from a checkpoint. */
  record News(int chain, JobEvent event) implements ChainEvent {}

  /**
   * All draws are made and kept.
   *
   * @param last holds the moments; empty when there were no draws to count
   */
  record Finished(int chain, ChainReport report, Checkpoint last) implements ChainEvent {}

  record Failed(int chain, String message, boolean badInput) implements ChainEvent {}

  /** It can be resumed. */
  record Cancelled(int chain, String reason) implements ChainEvent {}

  /**
   * What a chain has come to.
   *
   * @param lastDivergence why, in words
   * @param learned what the sampler has learned, by name
   * @param doubt why the sampler's warm-up is not to be believed
   * @param lanes what each lane of its domain had done after its last draw; empty where it drew none
   * @param collected in its moves, by the JVM of its rank 0, since it was started or resumed
   */
  record ChainReport(int draws, int counted, double meanAcceptance, Map<String, Object> learned,
      Optional<String> doubt, int divergences, long gradients, double seconds, Optional<String> lastDivergence,
      List<LaneUse> lanes, Collected collected, CheckpointTally checkpoints) {}
}
