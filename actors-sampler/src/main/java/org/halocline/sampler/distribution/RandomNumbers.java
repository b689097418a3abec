package org.halocline.sampler.distribution;

import org.apache.commons.rng.UniformRandomProvider;
import org.halocline.cosmology.random.NoiseKey;

/** Numbers of one stream in order: the same on every rank, in every layout. Used by one thread. */
public final class RandomNumbers {
  private final UniformRandomProvider stream;
  private final double[] pair = new double[2];

  /** @param block where in the key's stream to begin */
  public RandomNumbers(NoiseKey key, long block) {
    this.stream = key.from(block);
  }

  /** In (0, 1]. */
  public double uniform() {
    return NoiseKey.uniform(stream.nextInt(), stream.nextInt());
  }

  /** N(0, 1). */
  public double normal() {
    NoiseKey.normals(stream, pair);
    return pair[0];
  }

  /** In (0, 1), both ends excluded. */
  public double open() {
    return Math.min(uniform(), 1 - 0x1p-53);
  }
}
