package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;

/**
 * What a site of a program can be distributed by. Anything that knows its density on a tape is one; what can be sampled is
 * {@link Latent} too. Immutable but for the tape's numbers that it may hold. All numbers are the same bits on every rank.
 *
 * @param <V> what is distributed: a number, a field over the ranks or an array on rank 0
 */
public interface Distribution<V extends Value> {

  /** The class of the values. */
  Class<V> type();

  /**
   * −log p(value) without the terms of {@link #normalisation}: ½χ² for Gaussian noise of arrays and fields. +∞ outside the support.
   *
   * @param tape on which the number is recorded
   */
  Scalar misfit(V value, Tape tape);

  /** The terms of −log p that depend on neither the value nor anything on a tape. */
  default double normalisation(Tape tape) {
    return 0;
  }

  /** log p(value), normalised. */
  default Scalar logDensity(V value, Tape tape) {
    return misfit(value, tape).negate().minus(normalisation(tape));
  }
}
