package org.halocline.sampler.job;

import java.util.Optional;
import java.util.OptionalLong;
import org.halocline.runtime.config.Settings;

/**
 * The block {@code transport} of a job: {@code shake-seed} delivers in a random order, to show that no number depends
 * on it.
 */
public final class TransportSettings {
  private TransportSettings() {}

  public static OptionalLong shakeSeed(Settings job) {
    Optional<Long> seed = job.optionalBlock("transport")
        .flatMap(block -> block.longInteger("shake-seed", Long.MIN_VALUE, Long.MAX_VALUE));
    return seed.map(OptionalLong::of).orElse(OptionalLong.empty());
  }
}
