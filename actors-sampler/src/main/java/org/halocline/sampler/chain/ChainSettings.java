package org.halocline.sampler.chain;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.halocline.runtime.files.PendingFile;
import org.halocline.sampler.kernel.SamplerSettings;

/**
 * What one chain is to do. Immutable.
 *
 * @param chain number in its job, from 0
 * @param draws after the warm-up
 * @param saveWarmUp whether the warm-up's draws are written too
 * @param thinNoise every so many draws the field is written; 0 for never
 * @param thinArrays every so many draws the program's arrays are written; 0 for never
 * @param checkpointEvery at the latest after this time, at the end of a draw
 * @param checkpointDraws at the latest after so many draws
 * @param drawFile CSV of the draws
 * @param fieldDirectory where drawn fields and arrays go
 * @param comments for the top of the CSV
 * @param from where the chain begins; empty for a draw from the prior
 */
public record ChainSettings(int chain, long seed, SamplerSettings sampler, int draws, boolean saveWarmUp,
    int thinNoise, int thinArrays, Duration checkpointEvery, int checkpointDraws, PendingFile drawFile,
    Path fieldDirectory, List<String> comments, Optional<ChainStart> from) {

  public ChainSettings {
    comments = List.copyOf(comments);
  }

  /** Warm-up and draws. */
  public int total() {
    return sampler.warmUp() + draws;
  }

  /** Whether something is to be written of a draw, if it is written of every so many; 0 for never. */
  boolean writes(int draw, int every) {
    int sampled = draw - sampler.warmUp() + 1;
    return every > 0 && sampled > 0 && sampled % every == 0;
  }
}
