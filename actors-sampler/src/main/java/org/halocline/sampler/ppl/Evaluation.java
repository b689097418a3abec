package org.halocline.sampler.ppl;

import java.util.Map;
import java.util.Optional;

/**
 * A program's density at one point of the unconstrained space, and its gradient by the scalars. Arrays are the
 * receiver's.
 *
 * @param likelihood −log density of everything but the latent sites; +∞ outside the support
 * @param misfit the sum of the observed sites' misfits, ½χ² for Gaussian noise of arrays and fields: the likelihood
 * without its normalisation
 * @param prior −log density of the scalar latent sites, with their Jacobians
 * @param gradient of likelihood + prior by the unconstrained scalars
 * @param constrained the scalars as the program saw them
 * @param derived the program's deterministic scalars, the numbers of its deterministic vectors, and those of a latent
 * vector that has more numbers than coordinates
 * @param arrays the program's deterministic arrays, on rank 0
 * @param outside why there is no density here, the same on every rank
 */
public record Evaluation(double likelihood, double misfit, double prior, double[] gradient, double[] constrained,
    Map<String, Double> derived, Map<String, double[]> arrays, Optional<String> outside) {

  static Evaluation outside(int scalars, String reason) {
    return new Evaluation(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY,
        new double[scalars],
        new double[scalars], Map.of(), Map.of(), Optional.of(reason));
  }

  /** Whether the density is positive and everything that a sampler reads is finite. */
  public boolean inside() {
    return outside.isEmpty();
  }

  /** likelihood + prior. */
  public double potential() {
    return likelihood + prior;
  }
}
