package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.Gathered;

/** Independent normal numbers about an array on rank 0. */
public record GatheredNormal(Gathered mean, double sigma) implements Distribution {

  public GatheredNormal {
    if (!(sigma > 0 && sigma < Double.POSITIVE_INFINITY))
      throw new IllegalArgumentException("the noise of an observation must be positive, but sigma is " + sigma);
  }
}
