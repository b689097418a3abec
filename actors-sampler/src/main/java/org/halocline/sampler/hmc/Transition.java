package org.halocline.sampler.hmc;

import java.util.Map;
import java.util.Optional;

/**
 * Where a chain is after a trajectory and how it got there; the same bits on every rank but for the nanoseconds.
 *
 * @param acceptance probability min(1, e^−ΔH); 0 for a divergence
 * @param divergence why the trajectory could not be followed
 * @param energy H of the state that the chain is in
 * @param energyError ΔH of the proposal; NaN for a divergence
 * @param logDensity of the chain's state on the unconstrained space, up to a constant
 * @param unconstrained the scalars on the real line
 * @param constrained the scalars as the program sees them
 * @param derived the program's deterministic scalars
 * @param gradients evaluations of density and gradient
 */
public record Transition(int draw, boolean accepted, double acceptance, Optional<String> divergence, double energy,
    double energyError, double logDensity, double[] unconstrained, double[] constrained, Map<String, Double> derived,
    int gradients, long nanos) {

  public boolean divergent() {
    return divergence.isPresent();
  }
}
