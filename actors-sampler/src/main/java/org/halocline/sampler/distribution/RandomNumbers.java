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

  /**
   * log of a number of the gamma distribution of rate 1, by the rejection of Marsaglia and Tsang (ACM Trans. Math.
   * Softw. 26, 363, 2000): a normal and a uniform number each try, of which more than 95% are taken, and one more
   * uniform number of a shape below 1. A scalar's own stretch of the stream has numbers for 42 tries.
   */
  public double logOfGamma(double shape) {
    if (shape < 1)
      return logOfGamma(shape + 1) + StrictMath.log(open()) / shape;
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = normal();
      double root = 1 + c * x;
      double v = root * root * root;
      double log = StrictMath.log(open());
      if (root > 0 && log < 0.5 * x * x + d - d * v + d * StrictMath.log(v))
        return StrictMath.log(d) + StrictMath.log(v);
    }
  }
}
