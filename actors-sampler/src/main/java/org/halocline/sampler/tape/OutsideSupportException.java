package org.halocline.sampler.tape;

/**
 * The program's density is zero here, or a limit of the simulation was broken: log density −∞. Thrown on every rank
 * alike; a sampler counts it as a divergence.
 */
public final class OutsideSupportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** @param message names the quantity, its value and its bound */
  public OutsideSupportException(String message) {
    super(message, null, false, false);
  }
}
