package org.halocline.sampler.chain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.halocline.runtime.config.BoundedFile;

/**
 * Where a chain of an earlier run stood, for one that starts there.
 *
 * @param parts files of the field's shards, by the names that say where in the mesh each begins
 * @param unconstrained the scalars on the real line
 * @param stepSize that it had adapted to
 * @param inverseMetric M⁻¹ of the scalars that it had adapted to, row by row
 */
public record ChainStart(Map<String, String> parts, double[] unconstrained, double stepSize, double[] inverseMetric) {

  /** The part of a checkpoint that {@link #read} reads. */
  public static final String STATE = ChainState.PART;

  private static final int MOST_BYTES = 16 << 20;

  public ChainStart {
    parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  /** Of the parts of a checkpoint, those that hold the field. */
  public static List<String> shards(Collection<String> parts) {
    return parts.stream().filter(part -> Shard.is(Shard.NOISE, part)).toList();
  }

  /**
   * Reads what a chain left.
   *
   * @param parts as above
   * @param scalars that it must have
   * @throws IOException if the file is no such state
   */
  public static ChainStart read(Path state, Map<String, String> parts, int scalars) throws IOException {
    ChainState left = ChainState.parse(BoundedFile.read(state, MOST_BYTES)
        .orElseThrow(() -> new IOException("too large for the state of a chain")));
    if (left.unconstrained().length != scalars)
      throw new IOException("the state has " + left.unconstrained().length + " scalars, not " + scalars);
    return new ChainStart(parts, left.unconstrained(), left.adaptation().stepSize(),
        left.adaptation().inverseMetric());
  }
}
