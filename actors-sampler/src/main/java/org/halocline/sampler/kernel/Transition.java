package org.halocline.sampler.kernel;

import java.util.Map;
import java.util.Optional;

/**
 * Where a chain is after a move and how it got there; the same bits on every rank.
 *
 * @param draw −1 for the start
 * @param acceptance the statistic that step sizes are adapted by, from 0 to 1, such as min(1, e^−ΔH); 0 for a
 * divergence
 * @param divergence why the move could not be followed
 * @param energy H of the state that the chain is in
 * @param energyError ΔH of the proposal; NaN for a divergence
 * @param logDensity of the chain's state on the unconstrained space, up to a constant
 * @param unconstrained the scalars on the real line
 * @param constrained the scalars as the program sees them
 * @param derived the program's deterministic scalars
 * @param gradients evaluations of density and gradient
 * @param numbers what else the sampler tells its policy
 */
public record Transition(int draw, boolean accepted, double acceptance, Optional<String> divergence, double energy,
    double energyError, double logDensity, double[] unconstrained, double[] constrained, Map<String, Double> derived,
    int gradients, Map<String, Double> numbers) {

  public boolean divergent() {
    return divergence.isPresent();
  }
}
