package org.halocline.sampler.hmc;

/** No draw from the prior had a density: the priors or the limits are such that a chain cannot begin. */
public final class NoStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoStartException(String message) {
    super(message);
  }
}
