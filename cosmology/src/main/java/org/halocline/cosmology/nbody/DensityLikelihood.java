package org.halocline.cosmology.nbody;

import org.halocline.cosmology.background.LimitException;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.kernel.Field.Floats;

/** Gaussian likelihood of the final density, mean 1, against a measured one. Every rank of the domain makes the same calls. */
public final class DensityLikelihood {
  private DensityLikelihood() {}

  /**
   * ½ Σ (ρ − observed)²/σ² of the last forward pass. The density becomes its cotangent, so the simulation's density is lost.
   *
   * @param observed this rank's block, without ghosts; may be the simulation's {@link Simulation#spare}
   */
  public static Evaluation evaluate(Simulation simulation, Floats observed, double sigma) throws LimitException {
    Floats density = simulation.density();
    ExactSum sum = new ExactSum();
    simulation.residual(density, observed, sigma, sum);
    simulation.collectives().sum(sum);
    return new Evaluation(0.5 * sum.value(), new Cotangents.OfDensity(density));
  }

  /** A value of ½χ² on every rank, with what the reverse pass needs. */
  public record Evaluation(double halfChiSquare, Cotangents cotangents) {}
}
