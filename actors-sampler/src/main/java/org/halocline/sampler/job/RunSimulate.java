package org.halocline.sampler.job;

import java.util.Map;
import org.halocline.domain.program.RankCommand;

/**
 * Simulate once and write the results.
 *
 * @param files where to write each result, by its name: paths that rank 0 can write to
 */
record RunSimulate(Map<String, String> files) implements RankCommand {
  static final String DISPLACEMENT = "displacement.npy";
  static final String MOMENTUM = "momentum.npy";
  static final String DENSITY = "density.npy";
  static final String PLANES = "planes.npy";
  static final String KAPPA = "kappa.npy";
  static final String POWER = "power.csv";
}
