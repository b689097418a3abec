package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.Sharded;

/** Independent normal numbers about a sharded field. */
public record ShardedNormal(Sharded mean, double sigma) implements Distribution {

  public ShardedNormal {
    if (!(sigma > 0 && sigma < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException("the noise of an observation must be positive, but sigma is " + sigma);
  }
}
