package org.halocline.sampler.distribution;

import org.halocline.sampler.tape.Scalar;
import org.halocline.sampler.tape.Tape;
import org.halocline.sampler.tape.Value;

/**
 * The distribution of a site of a program: it knows the density of a value on a tape. A distribution that can be
 * sampled is {@link Latent} too. A distribution is immutable, but its parameters may lie on a tape. Every rank finds
 * the same bits.
 *
 * @param <V> what is distributed: a number, a small vector, a field over the ranks or an array on rank 0
 */
public interface Distribution<V extends Value> {

  /** The class of the values. */
  Class<V> type();

  /**
   * −log p(value) without the terms of {@link #normalisation}: ½χ² for Gaussian noise of arrays and fields. +∞ outside
   * the support.
   *
   * @param tape on which the number is recorded
   */
  Scalar misfit(V value, Tape tape);

  /** The terms of −log p that depend on neither the value nor anything on a tape. */
  default double normalisation(Tape tape) {
    return 0;
  }

  /** What to do about a site of this distribution that has no value and cannot be sampled. */
  default String remedy() {
    return "give it data: observe it, or condition the program on it";
  }

  /** log p(value), normalised. */
  default Scalar logDensity(V value, Tape tape) {
    return misfit(value, tape).negate().minus(normalisation(tape));
  }
}
