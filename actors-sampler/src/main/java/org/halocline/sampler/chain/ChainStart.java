package org.halocline.sampler.chain;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.halocline.runtime.config.BoundedFile;
import org.halocline.sampler.moments.Shard;
import org.halocline.sampler.kernel.ChainPolicy;

/**
 * Where a chain of an earlier run stood, for one that starts there.
 *
 * @param parts files of the fields' shards, by the names that say where in the mesh each begins
 * @param unconstrained the scalars on the real line
 * @param sampler that the chain had
 * @param learned what its policy knew
 * @param stretch of each scalar, by which its real line became longer since
 */
public record ChainStart(Map<String, String> parts, double[] unconstrained, String sampler, JsonNode learned,
    double[] stretch) {

  /** The part of a checkpoint that {@link #read} reads. */
  public static final String STATE = ChainState.PART;

  private static final int MOST_BYTES = 16 << 20;

  public ChainStart {
    parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
  }

  /** Of the parts of a checkpoint, those that hold the fields. */
  public static List<String> shards(Collection<String> parts) {
    return parts.stream().filter(Shard::isNoise).toList();
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
    double[] stretch = new double[scalars];
    Arrays.fill(stretch, 1);
    return new ChainStart(parts, left.unconstrained(), left.sampler(), left.learned(), stretch);
  }

  /** The same place where the scalars' priors, and with them their real lines, are others. */
  public ChainStart on(double[] otherUnconstrained, double[] otherStretch) {
    return new ChainStart(parts, otherUnconstrained, sampler, learned, otherStretch);
  }

  /**
   * Lets a policy begin with what the chain had learned, if the chain had the same sampler.
   *
   * @throws IOException if it cannot be read
   */
  public void begin(ChainPolicy policy, String policySampler) throws IOException {
    if (!sampler.equals(policySampler))
      return;
    try {
      policy.begin(learned, stretch);
    } catch (RuntimeException broken) {
      throw new IOException("what the chain had learned cannot be read: " + broken.getMessage(), broken);
    }
  }
}
