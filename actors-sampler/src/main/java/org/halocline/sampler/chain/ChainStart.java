package org.halocline.sampler.chain;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where a chain of an earlier run stood, for one that starts there.
 *
 * @param parts files of the field's shards, by the names that say where in the mesh each begins
 * @param unconstrained the scalars on the real line
 * @param stepSize that it had adapted to
 * @param inverseMetric M⁻¹ of the scalars that it had adapted to, row by row
 */
public record ChainStart(Map<String, String> parts, double[] unconstrained, double stepSize, double[] inverseMetric) {

  public ChainStart {
    parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
  }
}
