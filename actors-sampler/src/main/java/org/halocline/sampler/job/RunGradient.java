package org.halocline.sampler.job;

import java.util.Map;
import org.halocline.domain.program.RankCommand;

/**
 * Evaluate ½χ² and its gradient once and write them.
 *
 * @param files where to write each result, by its name: paths that rank 0 can write to
 */
record RunGradient(Map<String, String> files) implements RankCommand {
  static final String GRADIENT_NOISE = "gradient_noise.npy";
  static final String GRADIENT = "gradient.json";
}
