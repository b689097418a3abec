package org.halocline.cosmology.nbody;

import org.halocline.cosmology.comm.Collectives;
import org.halocline.cosmology.kernel.ExactSum;
import org.halocline.cosmology.lensing.Born;

/**
 * Convergence of a light cone on rank 0 and its Gaussian likelihood. Every rank of the domain makes the same calls; the
 * arrays are there on rank 0 only.
 */
public final class MapLikelihood {
  private final Born born;
  private final int bins;
  private final int pixels;

  /**
   * @param bins of the sources
   * @param pixels along a side of the map
   */
  public MapLikelihood(Born born, int bins, int pixels) {
    this.born = born;
    this.bins = bins;
    this.pixels = pixels;
  }

  /** κ of the simulation's last forward pass on rank 0, [bin][x pixel][y pixel]; empty elsewhere. */
  public double[] convergence(Simulation simulation) {
    return project(simulation.planes(), simulation);
  }

  private double[] project(double[] planes, Simulation simulation) {
    if (planes.length == 0)
      return planes;
    double[] kappa = new double[bins * pixels * pixels];
    born.aim(simulation.coefficients().planeDistances());
    born.convergence(planes, simulation.coefficients().planeWeights(), kappa);
    return kappa;
  }

  /**
   * ½ Σ (κ − observed)²/σ² of the last forward pass.
   *
   * @param observed [bin][x pixel][y pixel]; read on rank 0 only
   */
  public Evaluation evaluate(Simulation simulation, double[] observed, double sigma) {
    double[] planes = simulation.planes();
    double[] kappa = project(planes, simulation);
    Collectives collectives = simulation.collectives();
    double[] value = new double[1];
    double[] planesCotangent = new double[planes.length];
    double[] weightsCotangent = new double[0];
    double[] distancesCotangent = new double[0];
    if (kappa.length > 0) {
      double[] residual = new double[kappa.length];
      ExactSum sum = new ExactSum();
      double inverse = 1 / (sigma * sigma);
      for (int i = 0; i < kappa.length; i++) {
        double r = kappa[i] - observed[i];
        residual[i] = r * inverse;
        sum.add(0.5 * r * r * inverse);
      }
      value[0] = sum.value();
      double[] weights = simulation.coefficients().planeWeights();
      weightsCotangent = new double[weights.length];
      distancesCotangent = new double[simulation.plan().planes()];
      born.transpose(residual, planes, weights, planesCotangent, weightsCotangent, distancesCotangent);
    }
    collectives.broadcast(value);
    return new Evaluation(value[0], kappa,
        new Cotangents.OfPlanes(planesCotangent, weightsCotangent, distancesCotangent));
  }

  /**
   * A value of ½χ² on every rank, with what the reverse pass needs.
   *
   * @param kappa the convergence on rank 0, empty elsewhere
   */
  public record Evaluation(double halfChiSquare, double[] kappa, Cotangents cotangents) {}
}
